"""Given names of which an exchange of two letters makes one another: no slip of the hand. As name_words.sql writes.

Where only one of two words is a name, as of John and Jonh, the other one is a slip.
"""

import polars as pl

_PAIRS = """
aant anat; abla alba; adne ande; adri ardi; adrian ardian; adriana ardiana; adrie ardie; adrijan ardijan; adrijana
ardijana; advija avdija; agle alge; agne ange; agnela angela; agnelo angelo; agni angi; agrita argita; aiko akio; aila
alia; ailan alian; aile alie; ailsa alisa; aime amie; aina ania; aira aria; aire arie; airete ariete; airo ario; aisa
asia; aiso asio; aiva avia; ajla alja; ajsa asja; alain alian; aleka alkea; aleta altea; alya ayla; amro armo; andere
andree; anders andres; aneta antea; anine annie; anri arni; antoine antonie; ariadna arianda; arite artie; arvil
avril; badr bard; baon boan; bard brad; barna brana; bartu bratu; beant benat; bedri berdi; benine bennie; bernt
brent; bert bret; besti betsi; birdie bridie; birgid brigid; birgit brigit; birgitta brigitta; birgitte brigitte;
birta brita; bugra burga; cain cian; cairn carin; carly caryl; charly charyl; daina dania; daina diana; daira daria;
daire darie; dalma damla; danail danial; danya dayna; dariya daryia; darko drako; dayna dyana; deerk derek; deike
dieke; delvin devlin; diderich diedrich; dimso dismo; doina donia; dujka dukja; edna enda; eila elia; eilen elien;
eilis eliis; eina enia; eino enio; eira eria; eirika eriika; eizo ezio; elaina eliana; elaine eliane; elayne elyane;
eldiona elidona; elfie elife; eliese elisee; elinoor elionor; elise elsie; elize elzie; elsi esli; emro ermo; erny
eryn; ervard evrard; erza ezra; fadra farda; faith fatih; farida fraida; fazile fazlie; fedra ferda; fedro ferdo;
fehrat ferhat; feike fieke; fera frea; ferd fred; ferda freda; ferdi fredi; ferdie feride; ferdo fredo; ferdy fredy;
ferida freida; friderich friedrich; friderika friedrika; friderike friedrike; gaida giada; gaio giao; galya gayla;
gard grad; gary gray; gerga grega; gerlof gerolf; gert gret; gerta greta; gerti greti; gertje gretje; gerty grety;
gjoko gojko; gocke gokce; gregoire gregorie; guilain guilian; hadia haida; hadie haide; haile halie; haim hiam; hedie
heide; hedije heidje; heike hieke; heilke hielke; heima hiema; heimke hiemke; hein hien; hekla helka; herluf herulf;
heyjin hyejin; ihna inha; ihno inho; iiro irio; ilsa isla; ireene irenee; jaike jakie; jaime jamie; janine jannie;
jeanine jeannie; johs josh; kadire kadrie; kaile kalie; kaire karie; kaisa kasia; kalya kayla; kamryn karmyn; kathrein
kathrien; katrein katrien; keina kenia; keira kiera; keiran kieran; keit kiet; keiu kieu; kersten kresten; keyon
kyeon; keyong kyeong; kirsten kristen; kirsti kristi; kirstie kristie; kirstin kristin; kirstine kristine; kirsty
kristy; koyu kyou; kristny kristyn; laima lamia; laina liana; laine liane; larus laurs; ledia leida; leila lelia;
leina lenia; leina liena; leisa lesia; leisa liesa; lejla lelja; lelya leyla; leoncia leonica; lienke lineke; liesl
lisel; liive livie; liivo livio; lilo llio; loraine loriane; lucie luice; luisa lusia; luiza luzia; luize luzie; maart
marat; macaire macarie; madelein madelien; madeline madleine; madge magde; magrit margit; mahsa masha; maike makie;
maila malia; maile malie; maina mania; maira maria; maire marie; mairi marii; mairin mariin; mairita mariita; manila
manlia; manilo manlio; marcia marica; marcio marico; mareike marieke; mareile mariele; mariele marilee; marilen
marlien; marine marnie; marite martie; mariya maryia; marya mayra; maryam mayram; meik miek; meike mieke; meiko mieko;
meile melie; mein mien; meinard meinrad; meint mient; meinte miente; mejra merja; mejte metje; mihran mirhan; mijnie
minjie; mirta mitra; mirte mitre; moina monia; muthaih muthiah; nadeige nadiege; nadia naida; nadien naiden; nadija
nadjia; nadja najda; nadra narda; nadya nayda; nael neal; nail nial; nairn narin; nairne narine; nazime nazmie; neacsu
neascu; nedea needa; neela nelea; neera nerea; nejla nelja; nelya neyla; nemrin nermin; nienke nineke; niina ninia;
nursat nusrat; ofra orfa; paavo pavao; palvi pavli; pardeep pradeep; parmod pramod; parveen praveen; pelagheia
pelaghiea; pertef petref; piramo priamo; pista pitsa; prys pyrs; qiuqu quiqu; qiuyan qiyuan; raafat rafaat; radia
raida; ragna ranga; raid riad; rain rian; raina rania; raina riana; raiza razia; ramiza ramzia; ranya rayna; raun
ruan; redelf redlef; reena renea; reene renee; regner renger; reha rhea; reija rieja; reik riek; reika rieka; reike
rieke; reiko rieko; rein rien; reine renie; reinke rienke; rhain rhian; rhian rihan; rieky rikey; rienke rineke; riiko
rikio; riobeard roibeard; rista ritsa; rodna ronda; rolof roolf; rosaire rosarie; saana sanaa; sabira sabria; sabire
sabrie; sadia saida; sadie saide; sady sayd; sagie saige; sahira shaira; sahra shara; said siad; saima
samia; saini siani; salva slava; salvina slavina; salvo slavo; salwa slawa; samil smail; samra sarma; sarlota sarolta;
satka staka; sehri sheri; sehriban sheriban; seika sieka; seiko sieko; seit siet; seita sieta; selveta sevleta; selvi
sevli; sertan sretan; seva svea; seyda syeda; shaina shania; shanya shayna; shaun shuan; shayna shyana; sheila shiela;
shuyun suhyun; sidoine sidonie; siemon simeon; siemone simeone; signy sigyn; silvain silvian; silvaine silviane; souk
suok; suann sunan; sylvain sylvian; sylvaine sylvanie; sylvaine sylviane; tadgh tadhg; taho thao; taigo tiago; taima
tamia; taimo tamio; taina tania; taina tiana; taizo tazio; teis ties; teit tiet; tekle telke; tera trea; theis thies;
tifaine tifanie; toine tonie; torfin trofin; tory troy; trui turi; tyfaine tyfanie; vaino vanio; valda vlada; valdas
vladas; valde vlade; valdo vlado; valeriya valeryia; veit viet; viktoriya viktoryia; vilma vimla; volkard volkrad;
wagn wang; weibo wiebo; wibecke wiebcke; yanaki yankai; yaning yannig; yaun yuan; yeol yoel; yuiko yukio; yukui yuuki;
zaid ziad; zaira zaria; zeid zied; zeina zenia; zivka zvika
"""


def _rows() -> list[tuple[str, ...]]:
    """Return each pair in either order."""
    pairs = [tuple(pair.split()) for pair in _PAIRS.split(";")]
    return [*pairs, *(pair[::-1] for pair in pairs)]


TWO_NAMES = pl.DataFrame(_rows(), ["short", "long"], orient="row")
"""Two words that are two names."""
