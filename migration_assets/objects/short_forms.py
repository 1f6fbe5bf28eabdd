"""The usual short forms of given names, with what the long ones begin with; all as name_words.sql writes words.

A name that only begins like another one is no short form of it: Tim and Timo, Jan and Jannik, Yevhen and Yevheniia are
two people's names. So the short forms are named one by one, and where one is missing, a person is asked.
"""

import polars as pl

_BEGINNINGS = """
abe abraham; ale aless alejan alexan; alex alexan aleks alexe alexi; andi andre; andy andre; basti sebasti; barb
barbar; ben benjam benedi bened; beth elisabet elizabet; bob robert; bill william; cat cather cath; cate cather; cathy
cather cath; charlie charl; chris christ; chuck charles; cris crist; dan daniel; dani daniel; danny daniel; dave
david; deb debor debra; dima dmitr dmytr; dom domin; don donald; doug dougl; ed edward edmund eduard edwin; eddie
edward edmund eduard edwin; fil filip; flo flor; fran franc; fred frederi friedri alfred; freddie frederi alfred;
fritz friedrich; gabi gabriel; gabe gabriel; greg gregor; isa isabel; jake jacob; jeff jeffre; jen jenni; jenn jenni;
jenny jennif; jess jessi; jim james; jimmy james; jo josef johann joanna; joe josef; joey josef; jon jonath; josh
joshua; kat kath kate katar; kate kather kath; kathi kath kathar; kathy kather kath; katie kather kath; ken kennet;
larry lawren; leo leonar leonh leopol leonid; liz elisabet elizabet; liza elizav; manu manuel; matt matthe matthi
mattia; matze matthi; max maximil; meg margar; mel melani melis; michi michael; mick michael; mike michael; misha
mikhail; nat nathan natal; nate nathan; nick nichol nicol nikol; nico nicol; niko nikol; nik nikol; olli oliver; pat
patri; pete peter; ray raymon; rich richard; rick richard; rob robert; robbie robert; ron ronald; rudi rudolf; sam
samuel samant; sascha alexand; sasha alexand aleksand; seb sebast; sepp josef; stan stanis stanle; stef stef steven;
steve steven stefen; susi susann; sue susan; ted theodor edward; theo theodor; tim timoth; tobi tobias; toby tobias;
tom tomas thomas; tommy tomas thomas; toni anton; tony anton; uli ulrich ulrike; val valent valeri; vic victor; vince
vincen; vlad vladim; walt walter; will william; willi wilhelm; wolf wolfgan; zach zachar
"""

SHORT_FORMS = pl.DataFrame(
    [
        (short, beginning)
        for short, *beginnings in (line.split() for line in _BEGINNINGS.split(";"))
        for beginning in beginnings
    ],
    ["short", "beginning"],
    orient="row",
)
"""A row for each beginning of a long name, beside its short form."""
