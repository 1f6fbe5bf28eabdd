"""The load: carries out what the plan says, one journalled write after the other, and counts what stands.

The only stage that changes Intercom, and the only one that goes through rows one by one.
"""
