"""The usual short forms of given names, and the spellings of one name; all as name_words.sql writes words.

A name that only looks like another one is no form of it: Tim and Timo, Nico and Nicole, Toni and Tony may be two
people's names. So the pairs are named one by one, none is a name of the other sex, and where one is missing, a person
is asked.
"""

from itertools import permutations

import polars as pl

_SHORT_FORMS = """
abe abraham; ale alessandro alessandra alejandro alejandra; alex alexander alexandra alexandre alexandru alexandros
alexei alexey alexis alejandro alejandra aleksander aleksandr aleksandra alessandro alessandra; andi andreas andrea
andre; andy andreas andrew andre andrei andrej; basti sebastian; barb barbara; ben benjamin benedikt benedict; beth
elisabeth elizabeth; bob robert; bill william; cathy catherine catharina; charlie charles charlotte; chris christian
christina christine christiane christof christofer christa kristina kristian; chuck charles; cris cristina cristian;
dan daniel; dani daniel daniela; danny daniel; dave david; deb deborah debra; dima dmitri dmitry dmytro;
dom dominic dominik; don donald; doug douglas; ed edward edmund eduard edwin; eddie edward edmund eduard
edwin; flo florian; fran francis frances francisco francesca; fred frederic frederick frederik friedrich alfred;
freddie frederic frederick frederik alfred; fritz friedrich; gabi gabriele gabriela gabriella; gabe gabriel; greg
gregor gregory; isa isabel isabell isabelle isabella; jake jacob jakob; jeff jeffrey jeffery; jen jennifer jenny; jenn
jennifer jenny; jenny jennifer; jess jessica; jim james; jimmy james; jo josef johann johannes; jon jonathan jonatan;
josh joshua; kat katharina katarina katherine kathrin katrin; kate katherine katharine kathryn catherine;
kathi katharina kathrin; kathy katherine kathryn kathleen; katie katherine kathryn catherine kathleen; ken kenneth;
larry lawrence; leo leonard leonardo leonhard leopold leonid; liz elisabeth elizabeth; liza elizaveta; manu manuel
manula; matt matthew matthias; matze matthias mathias; max maximilian maximiliano; meg margaret; mel melanie melissa;
michi michael michala; mick michael; mike michael; misha mikhail; nat nathan nathaniel natalie; nate nathan nathaniel;
nick nicholas nicolas nikolas nikolaus nicolai nikolai; nico nicolas nicholas nicolaus nicolai; niko nikolas nikolaus
nikolai nikolaos; nik nikolas nikolaus nikolai nicolas nicholas; olli oliver; pat patrick patricia; pete peter; fil
filip filipp fillip; ray raymond; rich richard; rick richard; rob robert; robbie robert; ron ronald; rudi rudolf; sam
samuel samantha; sascha alexander alexandra; sasha alexander alexandra aleksandr aleksandra; seb sebastian; sepp josef;
stan stanislav stanislaw stanley; stef stefan stefanie stefania; steve steven stefen; steffi stefanie; susi susanne
susanna; su susan; ted theodor theodore edward; theo theodor theodore; tim timothy; tobi tobias; toby tobias; tom thomas
tomas; tommy thomas tomas; toni anton antonia; tony anthony antony antonio anton; uli ulrich ulrike; val valentin
valentina valerie; vic victor; vince vincent vincenzo; vlad vladimir vladislav; walt walter; will william; willi
wilhelm; wolf wolfgang; zach zachary zachariah; дима дмитрии дмитро; катя екатерина; лена елена; миша михаил; настя
анастасия; наташа наталья; оля ольга; саша александр александра; таня татьяна; юра юрии
"""
_SPELLINGS = """
alan allan; angelica angelika; anika annika annica; anja anya; ann anne; anthony
antony; aron aaron; bernard bernhard; berthold bertold; brian bryan; camila camilla kamila kamilla; carl karl; carla
karla; carolin karolin; caroline karoline; carsten karsten; caspar kaspar; christian kristian; christina kristina;
christof kristof christoff; christofer kristofer; clara klara; claus klaus; clemens klemens; conrad konrad; cornelia
kornelia; curt kurt; detlef detlev; dominic dominik; dorotea dorothea; eberhard eberhart; eckhard eckhart eckard;
edit edith; elisabet elisabeth elizabeth; eric erik; erica erika; filip filipp fillip; frederic frederik frederick;
gerhard gerhart; gunter gunther; gustav gustaf; hanna hannah; hussein hussain husain hossein; isabel isabell
isabelle; ivan iwan; ivonne yvonne; jacob jakob; jeffrey jeffery; jon john; jonathan jonatan johnathan; judit judith;
katarina katharina catharina catarina; katherine catherine katharine; kathrin katrin catrin; katja katya;
lothar lotar; lucas lukas; marc mark; marcus markus; marta martha; mathias matthias mattias; matteo mattheo; mathis
matthis; mohamed mohammed mohammad mohamad muhammad muhammed; monica monika; nadia nadja nadya; olaf olav; oscar oskar;
rafael raffael; rebecca rebekka rebeca; rut ruth; sara sarah; siegfried sigfried; siegrid sigrid; silvia sylvia; silvie
sylvie; sonia sonja sonya; svetlana swetlana; tania tanja tanya; teresa theresa; terese therese; thomas tomas; veronica
veronika; victor viktor; victoria viktoria; vladimir wladimir; walter walther; yusuf youssef yousef
"""


def _rows() -> set[tuple[str, str]]:
    """Return each pair once, in either order: whichever of two words is the shorter one."""
    forms = [line.split() for line in _SHORT_FORMS.split(";")]
    pairs = {(short, long) for short, *longs in forms for long in longs}
    pairs |= {pair for line in _SPELLINGS.split(";") for pair in permutations(line.split(), 2)}
    return pairs | {(long, short) for short, long in pairs}


SAME_NAMES = pl.DataFrame(sorted(_rows()), ["short", "long"], orient="row")
"""Two words that may be one name."""
