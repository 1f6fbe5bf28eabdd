"""Addresses that belong to a role or to nobody, by what stands before the @: they never make one person of several."""

_WORDS = """
noreply donotreply nomail noemail nobody none unknown na anonymous anonym guest gast dummy test example
info information infos contact kontakt contacto contato mail email post hello hallo hola bonjour
support help helpdesk hilfe service servicedesk kundenservice kundendienst customerservice customercare customer
customers kunde kunden client clients soporte feedback enquiries enquiry inquiries inquiry
sales vertrieb verkauf ventas marketing office buero reception empfang secretariat sekretariat team all everyone
admin administrator administration root webmaster postmaster hostmaster mailerdaemon abuse security privacy
datenschutz it edv billing accounting accounts buchhaltung finance invoice invoices rechnung rechnungen
purchasing einkauf order orders bestellung bestellungen shop store webshop booking bookings
hr jobs career careers bewerbung press presse media legal newsletter news notification notifications notify
alert alerts system monitoring bounce bounces phone telefon call calls
"""
ROLES = frozenset(_WORDS.split())
"""Without marks: no-reply and no.reply are noreply."""
