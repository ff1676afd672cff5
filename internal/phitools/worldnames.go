package main

// Names that are common among people in the USA whose families came from
// elsewhere, and among Native Americans, and that the registries' lists hold
// few of. Written for this project; what is an everyday English word as well is left out.

// worldGiven are given names.
const worldGiven = `
aarav abayomi abdel abdelrahman abdi abdiaziz abdifatah abdihakim abdikadir abdinasir abdirahman abdirashid abdirizak abdiwali abdul abdulaziz abdulkadir abdullahi abdulqadir abdulrahman abeba abebe
abeer abel abena abera abida abiodun abiola abolfazl abosede absalon abshir achieng adaeze adalberto adan adane adanech adanna adaobi adebayo adebisi adebola adebowale adedayo adedoyin adeel adefemi
adelina adeline aden adeola adeolu adepeju aderonke adesola adetokunbo adetola adewale adeyinka adhiambo aditi adunni afolabi afsaneh afshan aftab agapito agata agnieszka ahiga ahlam ahmad ahsan aicha
aidee airini aisha aissata aissatou aiyana ajay akash akbar akemi akhtar akihiro akiko akin akinola akintunde akinyi akira akosua akua akwasi alassane aleksandr aleksandra alem alemayehu alemitu alena
alexei alganesh alicja alioune alireza alla almaz alondra altagracia altidor alyona ama amadi amado amadou amaka amalia amandeep amani amanuel amarachi amare amarjit amina aminata amir amirhossein
amit amjad ammar amparo amphone amrita ana anab anahi anahit analyn anand anas anastacio anastasiya anatoly andile andrei andriy andrzej anele aneta angelica anh anil anita anjali ankit antonina anuli
anuoluwa anupam anush anwar anyango anzhelika aparna aracely aram arame ararat arash araxie ardeshir arelis arezoo arif arinze arjun arkady armen armida armin armine arnel arnoldo arnulfo arpine arsen
arshad artak artashes artem arto artyom arun arwa asad asha ashenafi ashish ashok ashot ashraf ashwini asif asim asli asma asmeret assane aster astghik astou asuka atanacio atieno atif atsa atsuko
aurelio awa awenasa awet awino ayaan ayaka ayako ayame ayan ayanda ayele ayesha ayinde ayita ayman ayodele ayokunle ayomide ayotunde ayumi azadeh azar azeb azhar aziza azniv azubuike babacar babajide
babak babatunde bahar bahareh bahati bahman bahram bakary baltazar balwinder bamidele bao baozhu baraka bartosz bashir basma bassam bassem beata beatha behnam behnaz behrouz behzad bekele belay
belaynesh belinda belkis benigno bereket berhane berhanu berhe bernabe bernadin bhavesh bhavna bich bidziil bienvenido bijan bilal bilan bile binh biniam binta bintou birhane birtukan biruk biyu
blanca bogdan bogumil boguslaw bohdan bolaji bolanle boleslaw bong bongani boris borys bosede boubacar bounmy bozena bronislawa buenaventura buhle bukola bunmi bushra busisiwe byung byungho canab
candelaria carmelo catori cawo cesario cezary chandra changming chanho chantal chantale chanthavy chao charanjit chau chebet cheikh chen chenda chenguang chenoa chepi chepkemoi cheptoo chetan chhaya
chiagozie chiamaka chibueze chibuike chibuzor chidera chidi chidiebere chidimma chidinma chidozie chie chieko chiemeka chigozie chihiro chijioke chika chikezie chikodi chima chimamanda chimaobi
chimezie chinaza chinedu chinelo chinenye chinonso chinwe chinwendu chinyere chioma chisom chiyo chizoba chosovi chuka chukwudi chukwuebuka chukwuemeka chukwuka chukwuma chunhua chunmei cipriano
citlali citlalli claudine clementine clerveau concepcion conrado consolacion consolee consuelo coumba cresencia crisostomo cristobal cuauhtemoc cuong czeslaw daahir daehyun dagoberto dahabo dahir
daichi daisuke dalal dalia damilola dandan danh daniel danilo danish danuta dao dapo dara daria dariusz darline darshan darya davit dawei dawit dayo deepak deepika deeqa delfin delfina demba demeke
demetrio denys dereje devendra deyanira dhruv diarra diem dieudonne dieula dilip dina dinesh dinh dionisio divya djeneba djibril dmitri dmitriy dmitry dmytro dolores dominador domitila donaciano dong
dongwon dorota duaa duc dulce dumisani dung duong dyani ebele ebere ebuka edeline edelmira edgardo eduardo edwidge edyta efe efosa efrain efren egbert ehab ehi eiji eiko ejaz ejike ekaterina ekene
ekow elaheh eleazar elena eleuterio elham eligio eloisa elpidio elsa elvia elzbieta emad eman emerenciana emeterio emiko emmanuela encarnacion enedina eniola enitan enyinnaya ephrem epifanio erendira
erlinda ermias esi eskinder esmail esmeralda esperance esperanza espoir estanislao estifanos estrellita etenia etsuko eugenie eugenio eulalia eulalio eun eunhee eunice eunji eunjin eunjung eunkyung
eunsook eusebio eustolia evangeline evaristo evenel evgeni evgenia evgeniy evgeniya evgeny ewa ewelina eyerusalem eyob eyram fabienne fabiola facundo fadi faduma fadumo fahad faheem faisal faizan fana
fang fangfang fanta farah farahnaz faramarz fardowsa fares farhan farhat farhiya fariba farid farideh farnaz farrokh farshad fartun farxiya farzad farzana farzaneh fasil faten fathi fatimah fatimata
fatou fatoumata faustin faustino fawzia fayyaz federico fedline fei fekadu feliciano felicidad felicitas felicite felipa femi feng fereshteh fermin fetu'u feven feyisayo fidele fidencio fikre fikru
filiberto filomena finau fior fisseha fitsum florante florencio florentino floridalia folake folarin folasade folashade folau forough fortunato fotu fowzia francine franciszek frehiwot freweyni
fulgencio fumiko fumio funaki funke funmi funmilayo furaha fyodor gagandeep gagik galina ganesh garegin garo gaspard gaurav gayane gbemisola gbenga gebre geeta genaro generoso genet gennadiy gennady
genoveva genowefa georgiy gerardo getachew getahun getnet gevorg ghada ghassan ghazal ghazar ghebre ghislaine ghulam giang gilberto girish girma girmay gladimy gloriose gohar goitom golnar golnaz
gonzalo gopal govind graciela grazyna gregoria grigor grigoriy grigory griselda grzegorz guadalupe guangming guerda guerlande guerline guirlene guiying gulnaz gumersindo guohua guoliang guoqiang
gurdeep gurmeet gurpreet gursharan gyuri habib habiba habibatou habtamu habte hadeel haejin haesook hafsa hagop hagos hai haile hailu haiyan hajime hakob hala halimo halina halyna hamdi hamed hamid
hamidreza hamza hana hanan haneen hang hanh hani hania hanna haoran haoyu harbhajan hardeep hari harinder harish harjinder harjit haroon harout haroutioun harpreet harsha haruka haruki haruko haruto
haseya hasmik hassan hatem hawa haya hayk hayoon hazem heba heejin heesook helen hemant hend henok henryk heriberto herlinda hermelinda hermenegildo herminia hesham hiawatha hiba hibaq hibo hideaki
hideki hideko hideo hien hieu higinio hikaru hilario himanshu hina hinemoa hiroaki hiroki hiroko hiromi hiroshi hiroto hiroyuki hirut hisako hisashi hiwot hoa hoang hodan hodo homa hong hongmei
hongwei honoka honorata hooman hortencia hossam hossein hosteen houshang hovhannes hovik hovsep hrachya hripsime hryhoriy hua huan huda hue huiling huimin humaira humberto hung huong hussam hussein
huy huyen huynh hwa hyejin hyesook hyun hyunjin hyunjoo hyunjung hyunsook hyunwoo ibrahim ibrahima ibtisam ichiro idil idowu idrissa ifeanyi ifechukwu ifeoma ifeyinwa ifrah iftikhar ifunanya ignacia
ignacio igor ihor ijaz ijeoma ikechukwu ikenna ikran ilya imad iman imelda immaculee imran inas inayat indira inessa inga inhye iniobong inna innocent intisar ionatana iqbal iqra iraj irena irfan
isagani isamu ishaan ishaq ishrat isidro isioma islande ismahan issa istas itzel ivan ivanna iwona ixchel iyabo jabulani jacek jacinto jacqueline jadwiga jaehyun jaewon jagdish jaleh jama jamal jamila
janina janusz jaroslaw jasbir jaspreet jasvinder jaswinder jatin javad javed jawad jayanti jeanbaptiste jeannine jelagat jepkosgei jerzy jhun jiahao jiahui jianguo jianhua jianjun jianping jiaqi jiayi
jide jie jieying jihoon jihye jimin jingjing jingyi jinhua jisoo jitendra jiwon jiwoo jiyeon jiyoung joanna jocelyne jolanta jongsoo joon joonho joumana jovita jovito jozef juma junaid junghee jungho
junho junichi junie junjie junko junwei justyna juventino jyoti kabura kachina kadiatou kadidia kai kaili kaito kalala kalani kalaya kale kaleo kalkidan kalpana kaltuma kamal kamala kamalani kamau
kambiz kamil kamini kamran kamsi kanani kanayo kanchan kang kanya kaoru kapil kapono karanja karapet kareem karen karina karine kariuki karolina karthik kartik kashif kasia kasongo katarzyna kateryna
katsumi kausar kaushik kaveh kavita kavitha kawika kawthar kaya kayode kazimierz kazue kazuhiro kazuki kazuko kazuo kazuya keahi kealii keanu kebede keezheekoni kehaulani kehinde keiichi keiko keisuke
kekoa kelechi kemi kenichi kenji kenjiro kenta keola ketan ketsia ketty keyvan khachik khadija khadim khadra khady khaled khalid khalil khamphone khamtay khanh khanyisile khoa kholoud khosrow khurram
kibet kibrom kidane kidist kieu kimani kimiko kimimela kimo kinga kipchoge kiprono kiprop kiptoo kiranjit kirill kiryl kiyoko kiyoshi klavdiya kofi kohar koichi koji kojo kolade kolawole konjit
konstantin kostiantyn kou krishnan krystyna krzysztof ksenia kseniya kuldeep kulwinder kumiko kunal kunio kuulei kwabena kwadwo kwaku kwame kwasi kweku kwesi kwizera kyoko kyung kyunghee kyungsook
lada ladan laila lakshmi lalita lalitha lamia lamine lan langa lani lanre lanying larisa larysa latha latu lauro lazaro lebogang lech leela lei leila leilani lekan lemlem leocadio leonardo leonid
leonora leopoldo leota leovigilda lerato lesieli leszek letebrhan leticia lev liban libin librado lidia lidiya lidya lien ligaya lihua lijuan lili liling lilit liliya liming lin lina lindiwe ling linh
liping liqin liubov liwayway liwei liying lizbeth loan loc lolita long loto lourdes luam luan lubna lucjan lucrecia ludmila ludmyla lukasz lungile lunie luningning luong lupe lusine luul luwam
luzdivina luzmaria luzviminda lwazi lyubov lyudmila lyudmyla mabinty macario macedonio machiko maciej madhavi madhu madoka magalie magaskawee magda magdalena maha mahad mahamed mahdi mahendra mahesh
mahin mahkah mahlet mahmood mahmoud mahnaz mahsa mahtab mai maimouna majeed majid maka makan makana makeda makena makoa makoto maksim maksym malee malgorzata malia malini malosi maly mamadou mame
mamoru mamoudou manabu manaia manal manar mandana mandeep mandisa mandla manish manisha manjit manjula mankato manoj manpreet mansoor mansour manuk mapenzi maqsood marc-arthur marcelina marcelino
marcin marek margarito marharyta mariam mariama mariame marianna maribel maricel maricris marie-ange marie-carmel marie-claude marie-lourde marie-therese mariela mariko marilou marina mariola marisela
marisol marites maritza mariusz marivic mariya marjan marjorie marta marwa marwan maryam maryan maryna marzena masaaki masahiro masaki masako masami masao masaru masashi masato masoud masoumeh massata
mateusz matilde matvey maura maximiliano mayobanex mayra maysa maysoon mayumi mbuyi mebrahtu mee meena meenakshi meera megumi mehari mehdi mehmood mehran mehrdad mehul mehwish meihua meiling mekdes
mekonnen melaku mele melquiades mengyao mercedita merhawi meron meseret mesfin messeret michal michiko midori mieczyslaw mieko mihoko mihret mija mikael mikaele mikhail mikias mikyung milagros
milquella minerva minghui mingxia mingyu minh minhee minho minji minjun minoo minoru minsoo minsu mireya mirlande miroslaw misaki mitena mitra mitsuko mitsuo miyoko miyoung miyuki mkrtich moana moataz
moazzam mobolaji modou modupe mohamadou mohamed mohamud mohan mohanad mohsen moises mojgan mojisola mojtaba momoko mona monika moraa morenike morteza moses motoko mounir moussa moustapha mpho mubarak
mubashir mudassar mugisha muhammad mukamana mukandori mukesh mulki mulu mulugeta mumbi mumo mumtaz muna munir munira murali musa musarrat muse mustafa muthoni mutombo mutua mwamba mwangi mwende
mykhailo mykola myriame myrlande myung naalnish nabil nada nadeem nadege nader nadezhda nadia nadim nadine nadiya naeem nafissatou nafula nagaraj naheed nahid nahla nahum naira najma najwa nakato
nalani nam namjoon namrata namukasa nana nanabah nandi nandini naoki naoko naomi naoto napua nardos narek narendra naresh narges nargis narine nascha naseem nasir nasra nasreen nasrin nasteho natacha
natalia nataliya natalya natnael natsuki natsuko naushad navdeep naveed naveen navjot nawal nayeli nazanin nazeli nazia nazih nazila ndayisenga ndeye ndidi ndubuisi ndumiso neelam neeraj neeta negar
negash negasi neha nemesio nenita nereida nereyda nermin netsanet nga ngabo ngan ngeun nghia ngoc ngone ngozi nguyet nhan nhi nhlanhla nhung nicanor nicolasa nighat nikhil nikita nikolai nikolay nilda
nilesh niloofar niloufar nima nimco nimo nina ning nirmala nisha nitin nitya niurka niyol nizhoni njeri njoki njoroge nkechi nkem nkiruka nkosana nkurunziza nnaemeka nnamdi nneka nobuko nobuo nobuyuki
noelani nohea nohemi noluthando nomsa nomvula nonhlanhla nonoy nonso noor norberto noriko norio norma nosheen nosipho nou nour noura nozomi nsabimana nshimirimana ntombi nune nuon nusrat nvard
nwakaego nyambura nyiramana nyokabi nyota oanh obdulia obiageli obinna obioma ochieng octaviano odahingum odette odhiambo odile odilia odunayo ofelia ofelya ogechi ogechukwu okechukwu okello oksana
okwudili olabisi oladapo oladele oladipo olaide olajide olamide olaniyi olanrewaju olatunde olayemi olayinka oleg oleh oleksandr oleksandra oleksii oleksiy olena olesya olga olha oluchi olufemi
olufunke olumide olusegun olusola oluwa oluwadamilola oluwakemi oluwaseun oluwaseyi oluwatobi oluwatoyin omaima omar omid omolara omondi omotayo omotola oneida onida onome onyango onyeka onyekachi
onyinye ooljee oralia orest orysia osagie osama osamu osaretin osas osman ostap osvaldo otieno otilia oumar oumou ousmane ousseynou oyin oyinkansola pacifique pacita padma pahoua pakou palani palesa
paloma panhia pania pankaj paramjit parisa parminder parvaneh parvati parveen parvin pascasie pascual paulino pavel pavlo pawan pawel payam pegah pejman penda peng perlita pervaiz petro petronila
phala phanith phara phat pheng phindile phonesavanh phong phoua phuc phuong pierrot pingping pioquinto piotr pisey policarpo polina ponciano pono pooja porfirio prabhakar pradeep prakash pramod pranav
prasad prashant pratibha praveen precioso prem primitivo prithvi priti priya priyanka przemyslaw puanani purificacion purnima pushpa qaiser qamar qasim qian qiang qing qiong quan quang quirino quoc
quratulain quyen quynh rabab rabia rachana rachelle radha radhames radhika radoslaw raed rafal rafelina rafiq raghad raghav raghu raheela rahel rahma rahul raisa raj rajan rajani rajeev rajendra
rajesh rajeshwari rajinder rajiv raju rakesh rakhi raman ramesh rami ramil ramiro ramona ramya rania ranjan ranjit rasha rashad rasheedat rashid rashmi ratana rattana rauf ravi ravinder ravindra rawan
razan razia razmik reem refilwe refugio rehana rehman reiko rekha renata renel renu reshma reyna reynalda reynaldo reza riaz rieko rigoberto rima rishi ritu rizalina riziki rizwan robel robina
rodeline rodolfo rodrigo rogelia rogelio rohan rohini rohit rokhaya rola rolande rolando roman romualdo romulo rong ronide ronke roopa rosalba rosalinda rosalio rosario rosaura rose-marie roselaine
roselaure roselene rosendo rostislav rowena roya rubina rudelania rui rukhsana rukmini ruolan ruperto rupinder ruqiya ruslan rustam ruth ruzan ryoko ryota ryszard ryuichi ryusuke saad saane saba sabah
sabine sachiko sachin sadako sade sadhana sadia saeed saeid safaa safiya sagal sahar sahkyo said saidou saima sajid sajida sakura sala salah saleem saleh salesi salif salimata salma salome salvacion
saman samaneh samar samatar samba sambath sameer samer sami samia samina samir samira samnang samrawit samson samuel samvel sana sanaz sandeep sandhya sangeeta sanghoon sangwoo sanjay sanjeev santiago
santosh sapna sarath sarfraz sargis sarika sarita sarkis saroj satish satnam satoko satomi satoru satoshi saturnina saturnino satwinder savita savuth sayaka seble seema sefo segun segundina seiji
seiko sela selam selamawit semhar semisi semyon senait senayt sengdao senzo seojun seoyeon sepideh serafin serge sergei sergey serhii serhiy servando setsuko seulgi seun seung seungho seunghyun
seungmin sevan severino seydou seyha shabana shabbir shabnam shafiq shaheen shahid shahida shahin shahla shahnaz shahram shahrzad shahzad shailesh shaima shaimaa shaista shakeel shakir shamim shamso
shan shanshan shanti shaohua shapour sharmarke shashi shazia sheela shehnaz sherif sherline shewit shideezhi shideh shiferaw shigeko shigeo shigeru shilah shilpa shingo shinichi shinji shinobu shiori
shirin shivani shiye shizhe'e shizuka shizuko shobha shohreh shoichi shoji shola shreya shrikant shruti shuang shufen shuhua shuichi shukri shunsuke shushan shuzhen shyam siamak siaosi sibongile
sibusiso siddharth sifa sifiso siham silverio silvestre simin simisola simona simphiwe simran sina sindisiwe sinh sintayehu sioeli sione siosaia sipho siranush sirvard sivilay siyabonga siyu sizwe
slawomir smita sneha sobia socorro sofiya sohail sohee soheila sohrab sokha sokhna sokhom sokunthea sola solange soledad soliyana solomon somboon somchai somphone somsak somto somtochukwu son sonali
sookja soonja sophal sopheap soraya soroush sosefo sosina sostenes sothea souleymane sovann sovannara soyoung sphesihle sreymom sridevi srinivas stanislav stanislaw stanislawa stefania stepan suad
subhash subramanian sudha sudhir suha suhail suhair sujata sujin sukhdeep sukhee sukhwinder suleiman sultana suman sumiko sumit sunee sungho sungmin sunhee sunil sunita sunja suphaphone suren suresh
surinder susan sushil sushila susumu suze svetlana svitlana swapna swati sylwia szymon tadashi tade tadele tadesse tadeusz tadita taehyung tafadzwa tahani tahereh tahir tahira taichi taima taisiya
taiwo takahiro takako takashi takayuki takeo takeshi takoda takumi talat talia tallulah tam tamatoa tamer tamirat tamotsu tan taniela tanveer tanvi taras tarek tariku tariq taro tarun tasneem tatenda
tatevik tatiana tatsuo tatsuya tatyana tausala tavita tayo tayyaba tehmina tejal tekle temesgen temitope tendai teodora teofilo teresa teresita teruko tesfalem tesfay tesfaye tetiana tetsuo tetsuya
tetyana tevita tewodros thabo thach thaer thai thandeka thandi thandiwe thang thanh thao themba thi thida thien thinh thoa thongchai thu thuan thulani thuy tibebe tiburcio tidiane tien tigist tigran
tilahun timofey timur tin tinashe ting tingting tiponi titilayo toan tobechukwu tobi tochukwu tokiko tokunbo tolu tolulope tomasa tomasz tomoko tomomi toribio toru toshi toshiaki toshiko toshio tou
tousue toyin tram trang tri trinh trinidad trong truc trung truong tsegaye tsehay tsela tsepo tshala tsigereda tsion tsosie tsuneo tsutomu tsuyoshi tuan tui tunde tung tupou tuyet tymofiy tzitzi ubah
ubaid uche uchechi uchechukwu uchenna uday udo ugo ugochi ugochukwu ugonna uilani uju ulani uliana ulises uma umair umar umesh unathi upendra urbano urszula usha uwamahoro uwase uwimana uyen uzma
uzochukwu uzoma vadim vadym vaea vahan vahe vahid valentin valentina valentyna valeria valeriy valeriya valery van vandana vanna vardan varduhi varsha vartan varun vasant vasiliy vasily vasudha vasyl
vazgen veasna velouse venancio venkat venkata venkatesh venkateswara venustiano vera veronika vestine viacheslav vicenta vichai victoriya vidya viet vigen vijay vijaya vikas vikram viktor viktoriia
viktoriya vilay viliami vimala vinay vineet vinh vinod vipin vira viraj virak virgilio viridiana vishal vishnu visith vitali vitaliy vitaly vivek vladimir vladimyr vladislav vladyslav volodymyr
vsevolod vyacheslav wacera waclaw wadson wael wafaa wafula waheed waithera waldemar wale waleed walid wambli wambui wanda waneta wanida wanjiku wanjiru waqar waqas warsame wasim waweru wei weidong
weiming weiping wen wenbin wenceslao wenhua wenjing wenjun wideline widline wieslaw wieslawa wilfredo wilner winona wioletta wislande wisly witold wivine wladyslaw wlodzimierz wojciech wondimu
wondwossen wonho woojin worku xeng xia xiang xiao xiaobo xiaodong xiaofeng xiaohong xiaohua xiaojun xiaolan xiaoli xiaoling xiaomei xiaoming xiaoping xiaoyan xiaoyu xin xing xinyi xinyue xiomara xiong
xitlali xiulan xiumei xiuying xochilt xochitl xolani xuan xue xueling xuemei yaa yacine yadira yahaira yahya yajaira yakov yalda yamini yan yana yanaba yanelis yang yanhong yanira yanli yanping yared
yareli yaretzi yaritza yaroslav yaroslava yash yasiel yasir yasmeen yasmiin yasser yasuhiro yasuko yasuo yaw yaya yazhi yegor yeji yejin yelena yelizaveta yemane yemi yen yeng yeonhee yer yervand
yesenia yeshi yetunde yevgeni yevgenia yevgeniy yevgeniya yevgeny yevhen yewande yifan yihan yiming ying yingying yiska yiyi yocasta yodit yoelis yogesh yohana yohannes yoichi yoko yolaida yolanda
yolette yonas yongho yongjun yoona yoonhee yoonji yordanos yosef yoshi yoshie yoshiko yoshio yosuke youa younghee youngho youngja youngsook yousef yousif youssef ysabel yuan yuanyuan yue yufang yuhan
yujin yukari yuki yukiko yukio yulan yuleisy yulia yuliia yuling yuliya yumaira yumei yumi yumiko yun yunfei yunhee yuniel yunior yuping yuri yuridia yuriko yuriy yury yusuf yusuke yutaka yuting yuto
yuxin yuya yuying yvette yvrose zabel zafar zaheer zahid zahida zahra zaid zainab zakaria zaki zamzam zandile zanele zaruhi zaven zawadi zbigniew zdzislaw zebib zeeshan zeferino zeina zeinab zelalem
zemzem zenaida zenebech zenon zerihun zewdi zhanna zhen zheng zhenzhen zhihao zhiming zhiqiang zhiwei zhiyuan ziad zihan zikora zinaida zinhle zixuan ziyi zodwa zofia zohreh zoila zonta zoryana zoya
zubaida zubair zulema zuzanna zygmunt
`

// worldSurnames are surnames.
const worldSurnames = `
abad abay abaya abbas abboud abdallah abdelaziz abdi abdille abdirahman abdo abdulla abdullah abdulle abe abebe abella abera abou aboud aboumrad abraha abubakar abukar acharya acheampong achebe
achieng adachi adamczyk adamski adan addo adebayo adebisi adedeji adegoke adekunle adelaja adeleke ademola aden adeniran adeniyi adeoye adesanya adesina adewale adeyemi adeyemo adichie adjei admassu
adomako adu adusei afolabi afolayan afriyie agarwal agbaje agbayani agbo aggarwal agrawal agu aguinaldo aguwa agyei agyeman agyemang ahluwalia ahmed ahn ahsue ahuja ahuna aina aiona ajayi ajcip ajpop
ajú akaka akana akande akau akhtar akinola akintola akinwande akinyemi akiyama akopyan akoto akpan akuffo akyea alami alavi albaz alcantara alcindor aleksandrov alemu alexis alfarsi alghamdi alhassan
ali aljabri almansouri almasri alofaituli alonzo alqahtani alsaadi alshehri altamirano aluko alzahrani amadi amaechi amankwah amare amin amoah amoako amorsolo ampofo anand ando andreyev andrzejewski
ankomah ankrah ansah ansari antoine antonov antwi anyanwu aoki apaza apo appiah aquino arafat arai araki araya arellano arora artan arthur asamoah asano asante asare asfaw asfour asgedom ashour
asiamah asiedu aslam assad assefa atallah atwal auguste augustin aulakh austria avakian avetisyan awad awale aweys awolowo awuah ayele ayodele ayoub azikiwe aziz azizi baah baba babangida babayan
babenko bacani badji badu bae baek baffour baghdasaryan bah bahta baig bains bajaj bajwa bal balagtas balde balogun baluyot bamgbose banas banerjee bang bangoura banh bankole bansal baptiste barakat
baran baranov baranowski barasa barre barry bashir basu batz bautista bazile bazzi beauvoir bedi bediako begay bekele belizaire bellegarde bello belmonte belov belyaev benali benally berhane bernardo
beyene bhagat bhandari bhardwaj bhargava bhasin bhatia bhatnagar bhatt bhattacharjee bhattacharya bhullar bielecki bielski bile birhanu bishara biswas bitar bitsilly bitsui bizimana blackgoat blaise
blaszczyk bliatout boadi boadu boakye boamah boateng bogdanov bondar bondarenko bonifacio bonsu boonmee borisov borkowski bose bounnhong boutros boyajian brar brobbey brzezinski buenaventura bui butt
byaruhanga byun cabral cabrera cadet cai calderon camara cao caoile capili carpio catacutan catalan cayabyab ccori celestin chadha chae chahal chai chaiyasit chakmakjian chakrabarti chakraborty chambi
chan chander chandra chandran chang chanthavong charlemagne chatterjee chaturvedi chau chaudhary chaudhry chaudhuri chauhan chavajay chawla che chebet cheema chehade chen cheng chernenko chernov
cherubin cheruiyot cheung chhabra chhay chhim chhoeun chhun chiang chiba chibueze chien chigumba chikwanha chin chiu chmielewski cho choc choe choi chon chong choo chopra choque chou choudhary
choudhury chow chowdhury chu chua chuang chub chue chui chukwu chukwuma chun chung cieslak cineus cisse clervil clervoyant cojti conde condori constant corpuz coulibaly crisostomo cruzado cui cusi
cuxum czajkowski czarnecki czerwinski dabrowski dacanay dada dagher dagohoy daher dahir dai dalisay dandekar dang danielyan danjuma danquah danso danylenko dao dapaah darko darwish das dasgupta datta
davtyan davydov dela delosantos delosreyes delrosario delva dembele demchenko demissie deng deol derival desai deshmukh deshpande desir desrosiers destine dhaliwal dhami dhanoa dhawan dhillon dhingra
diakite diallo diarra diatta diaw dieng diep dieudonne dieye dimaandal dimaano dimaculangan dimalanta dimayuga dinehdeal ding dinh dioffo diome dione diop diouf dirie dixit dlamini dmitriev doan doi
dong doroshenko dorval dorvil dosanjh doumbia dovzhenko drame duale duan dubey dubov dudek dumay duong dutta duvalier dwamena dwivedi dziedzic ebrahimi ebube effiong egal egorov egwu eke ekwueme
elamin elbaz elgammal elhassan elmasry elmi elsayed elshazly eltahir endo eom estime etienne etsitty eugene evangelista exantus eze ezeani ezenwa ezeudu fa'asavalu fadel fagbemi fahmy fajardo fakhoury
falana faleolo fall fan fanene fang farah farhat farooq farouk fashola fatunde fawaz faye fayyad fedorenko fedorov fei fenelon feng filatov filipek filippov fisseha fleurimond fleuristil florestal
fofana fomin fong fonoti fonua francois frimpong frolov fujii fujikawa fujimori fujimoto fujimura fujita fujiwara fukuda fukui fukumoto fukunaga fukushima funaki fung furukawa gabrielyan gajewski
galang galstyan gan gandhi gang ganguly gao garcha gasparyan gassama gatchalian gatdula gathoni gautam gavrilov gaye gebre gebrehiwot gebremariam gebremedhin gebremeskel gebremichael gebreselassie
gebreyesus gebru gedi geedi geng gerasimov gevorgyan ghaffari ghanem ghannam ghazaryan ghebremariam ghebremedhin ghebreyesus ghorbani ghosh gichuki gil gill girma githinji glowacki godbole goel goh
goitom goncharenko gong gopal gopalakrishnan gopalan gorbachev gorman gorski goswami goto gowon goyal grabowski grewal grigoriev grigoryan guaman guan guerrier gueye guha guinto guled gumbo guo gupta
gure gusev gwon gyamfi gyasi habimana habte habtemariam habyarimana haddad hadid hafoka hagos hahn haile hailemariam hailu haji hakim hakizimana hakobyan hakopian halabi halapua ham hamad hamada
hamasaki hamdan hamid hamidi hammoud han hang hanna hao haq hara harada harb harutyunyan haruyama hasegawa hashemi hashi hashimoto hashmi haskie hassan hatem hattori havili hayashi hem heng heo hersi
higa higashi higuchi hijazi hilario hirano hiraoka hirata hirose hirsi hoang honda hong hori horiuchi hoshino hosseini hosteen hou hourani hovhannisyan hovsepian hrytsenko hsia hsiao hsieh hsiung hsu
hua huaman huanca huang hui huitzil hundal hung huo huq hur husain hussain hussein huynh hwang ibe ibeh ibekwe ibrahim ical ichikawa idowu idris igarashi ignatenko igwe ihejirika iida ike ikeda
ikpeazu ikuta ilagan ilyin imai imamura imran inaba innocent inoue inouye ioane iqbal irani iroegbu isakov isayan ishibashi ishida ishihara ishii ishikawa ishimoto isidor islam ismail issa ito
ivanenko ivanov ivanova iwai iwamoto iwasaki iwata iwu ixcot ixcoy iyengar iyer izumi jabbour jaber jablonski jacinto jadhav jafari jafri jain jaiswal jakubowski jalali jallow jama jamal jang janjua
jankowski janowski javaid jaworski jean-baptiste jean-charles jean-francois jean-gilles jean-jacques jean-louis jean-philippe jean-pierre jegede jeon jeong jeudy jha jia jian jiang jiao jimale jin
jing joachim johal joo joshi jules jun jung kaaihue kaanoi kaba kabila kabir kaczmarczyk kaczmarek kaczynski kagame kahale kahanamoku kahananui kahele kahin kahoonei kakkar kalashnikov kaleikini
kalinowski kalonji kalra kalu kam kamaka kamakau kamakawiwoole kamath kamau kaminski kamiya kanaan kanda kandji kane kaneko kaneshiro kang kannan kanoa kante kanyinda kapahulehua kapoor kapule kapur
karanja karapetyan karemera karim karimi kariuki karmakar karpenko karpinski karpov kasereka kashyap kasongo kasprzak kassem kataoka kato kauhane kaul kaulukukui kaur kawabata kawaguchi kawahara kawai
kawakami kawamoto kawamura kawananakoa kawano kawasaki kawashima kayumba kazarian kazemi keahi kealoha keams keawe kebede kee keita kekauoha keo keohokalole keshishian khachatryan khalaf khaled khalid
khalidi khalil kham khamvongsa khan khang khanna kharchenko khatri khem khiev khim khosla khoun khoury khumalo khurana khuu kiani kibaki kidane kieu kifle kiflu kikuchi kil kim kimani kimura kinoshita
kinyua kipchoge kiplagat kiprono kirillov kiselev kishi kitagawa kitamura klimenko kobayakawa kobayashi kocharyan kodama koech koga koh kohli koike kojima kolesnikov komarov komatsu konate kondo kone
kong konishi kono konovalov konte koo kook korolev koroleva kostenko kothari kouri kouyate kovalchuk kovalenko kovalev kovalyov kowalczyk kowalewski kowalski kozak kozlov kozlova kozlowski kravchenko
kravchuk krawczyk krishnamurthy krishnan krishnaswamy krylov kuan kuang kubiak kubo kubota kucharski kudo kue kuffour kufuor kujawa kulikov kulkarni kumar kumi kundu kung kuo kurchenko kuroda kurokawa
kuwahara kuzmenko kuznetsov kuznetsova kwak kwan kwarteng kwiatkowski kwok kwon kwong kyung lac lacson lafontant lagman laguerre lahiri lai lal lam lamour lan lansangan lau laulu laurel lawal lebedev
lebedeva lee legaspi legesse lei leiataua lemma leota leung lewandowski liang liao libunao lieu liew lim limjoco lin ling lis lisowski littlebear liu lodhi loh lolotai lonewolf long lotulelei lou
louissaint low luangpraseut lubega lubin lui lumanglas lumibao lumumba lung luo luong luthra luu lysenko lytvynenko mabaso mabuza mac macapagal macaraeg macario macasaet macatangay mach macharia
maciejewski madan madrigal maeda maeng magbanua magpantay magsaysay mahajan mahamud mahato mahdavi mahdi maheshwari mahlaba mahlangu mahmood mahmoud mahoe mai maina majeed majewski majid majumdar mak
makarov makau makhanya makhoul makowski maksimov makua makwakwa malabanan malhotra malietoa maligaya malik malinowski malonzo malouf mam mamani mamo manalastas manalo manansala mane mangat mangubat
manlapaz mann mansour manu manumaleuna manygoats mao mapa marasigan marchenko marciniak margaryan markov maroun martirosyan martynov maruyama masaki masangkay maseko mashaba masilela masood masri
masuda mathebula mathew mathur mathurin matsubara matsuda matsui matsumoto matsumura matsunaga matsuoka matsushita matsuura matveev mauga mazur mazurek mbabazi mbacke mbadiwe mbah mbakwe mbatha mbaye
mbengue mbugua mburu mbuyi mchunu meas mebrahtu medvedev mehari mehdi mehra mehrotra mehta mei mejia mekonnen mel'nyk melaku melikyan melnik melnikov melnyk menchu mendiola meng mengesha mengistu
menon mensah mercado merisier mesfin mesidor metellus mey mhlanga mhlongo miao michalak michalski mikami mikhailov mikolajczyk min minami minasyan mire mironov mirza mishima mishra misra mistry mitra
mitsui miura miyagi miyahara miyake miyamoto miyasaki miyashiro miyata miyazaki mizuno mkhize mkrtchyan mngadi mnguni mochizuki modi moghadam mohamed mohammadi mohamud mohan mohanty mohsin moise
mokoena molefe moloi mondesir moon moosavi morcos mori morikawa morimoto morioka morita moroz morozov morozova moskalenko mostafa motaung motoyama moua moussa movsisyan moy moyo mroz mthembu mthethwa
mubarak muchiri mucu mugabe mughal mugo muiruri mukasa mukendi mukherjee mukhopadhyay multani mumin mungai munir murad murage murai murakami muramoto muranaka murata muriithi murthy murty musa
museveni musse mustafa mutai mutasa mutombo mutua mwangi mwaura myung nadeem nader naeole nagai nagano nagarajan nagata nagpal naidu naik nair nakagawa nakahara nakajima nakama nakamoto nakamura
nakanishi nakano nakashima nakata nakatani nakayama nakoa nam nambiar namboodiri namgung nanda naqvi narang narasimhan narayan narayanan narcisse nasr nasrallah nassar nasser natarajan nath nayak
nazarenko nazari nazarian ndaba ndao ndaw ndayisaba ndayishimiye ndebele ndiaye ndirangu ndlovu ndong ndour ndukwe ndungu nduwayo negash negassi negi nepomuceno nez ngabo ngai ngcobo ngema ngo ngom
ngugi nguyen nguyet nhem niang niasse niazi nicolas nie nikitin nikolaev nikolaeva nimako nimatuj nimubona ning ninh nishi nishida nishihara nishikawa nishimoto nishimura nishioka nishiyama niu
niyonzima njoku njoroge njuguna nkabinde nkansah nkosi nkrumah nkurunziza nnadi nnamdi noda noel noguchi noh nomura nong noori nop notah nouri novikov novikova nowak nowakowski nowicki nsengiyumva
ntaganda ntahobari ntuli nunuha nuon nur nuur nwachukwu nwaneri nwankwo nweke nwosu nxumalo nyaga nyambura nyarko nyathi nzeribe nzeyimana obasanjo obeng obi obioha obiora ocampo ochieng oda odeh
odenigbo odhiambo odili odinga odukoya odunsi oduro ofor ofori ofosu oganesyan ogata ogawa ogbazghi ogbonna ogbu ogino oguike ogunbanjo ogundipe ogunleye ogunsola oguri ogutu ohara ohta oikawa oishi
ojha ojo ojukwu oka okada okafor okamoto okamura okano okawa okazaki okeke okello okereke okezie okimoto okoli okonkwo okorie okoro okot okoth okoye okpara okubo okuda okumura oladele olajide olatunji
olawale oleynik olivares olszewski oluwole omar omojola omondi omori ong ongeri onishchenko onishi ono onodera onuoha onwuka onyango onyeama onyekwere opara opoku oppong orelus orji orlov orlova
osagie osaki osei oshiro osinbajo osipenko osipov osman ostapenko ostrowski osuji ota otani otieno otsuka ouk ouko ouyang owino owusu oyama oyedepo oyelaran oyelowo oyinlola ozaki ozawa pacheco
pacquiao padilla padmanabhan paguio pai paik pak palakiko pan panda pandey pandit pandya panesar pang panganiban pangilinan pant paongo papazian parekh parikh park parmar pascual patel pathak patil
patnaik patwardhan pauole pavlenko pavlov pavlova pavlyuk pawlak pawlowski pech pei pele pen peng pervez peshlakai petrenko petrosyan petrov petrova pha phadke pham phan phet philistin philogene
phommachanh phommasa phongsavath phrasavath phung pierre-louis pierre-paul pietrzak pillai ping piotrowski podolsky poghosyan poku polyakov polycarpe ponomarenko ponomarev popov popova popovych poqui
prabhu pradhan prak prakash prasad prempeh prokofiev prum prykhodko przybylski puaoi pukahi punzalan puri pushkin pyo pyun qadri qasim qazi qian qiao qin qiu quach quan quansah quarshie quaye quej
quiambao quibuyen quiej quispe quisumbing qureshi racelis radebe raghavan raghunathan rahimi rahman rahmani rai raina raja rajagopal rajagopalan rajan raju ramachandran ramakrishnan raman ramanathan
ramaswamy ramesh rana randhawa ranganathan rangarajan rao rashid rasool rastogi rathore raval ravi raxcaco raza razavi recto redbird redda reddy rehman ren reyes rezaei rhee rho riaz rim rizk rizvi
roble rogowski roh romanenko romanov romanova romelus rong rotich roxas roychowdhury ruan rudenko rukundo runningwater runningwolf rutkowski ruto rwigema rybakov ryu saab saad sabbagh sabharwal
sacalxot sachdev sachdeva sadeghi sader sadowski saeed safi saha sahakyan sahal sahib sahni sahu said saini saito saitoh sakaguchi sakai sakamoto sakata sakuma sakurai salah salama salami salazar
saleh salem salim sall salonga sam samaan samatar samb samba sami samonte samra samreth sandhu sandoval sane sangha sanghera sankaran sanni sano sanogo sanon santiago saqib saquic sar sargsyan sarkar
sarkisian sarmiento sarpong sarr sarraf sasaki sastry sato savchenko savchuk sawada sawhney sawicki saxena sayasane sayed sayegh secatero seck sefa sekhon seki sekiguchi semenov semenova sene
sengsavang sengupta seo seok seol seong serdyuk sergeev serwaa seshadri seth sethi seumalo seyoum shabalala shabangu shah shaheen shahid shahinian shaikh shakir shalabi shamieh shamoun shan shang shao
shapovalov sharapova sharif sharma shastri shcherbakov shehadeh shehata sheikh sheikhdon shen sheng shenoy shergill shetty shevchenko shevchuk shi shibata shiferaw shigemoto shih shim shimabukuro
shimada shimamoto shimizu shimoda shin shinohara shiraishi shirazi shire shiroma shrestha shrivastava shu shukla shum shvets sibanda sibiya sican siddiqi siddiqui sidhu sidibe sidorenko sidorov sikora
sikorski siliga sillah sim simaj simonyan sin singh singhal sinha siphanhthong sison sissoko sithole situ siu sium sivakumar sivongxay siyad skrzypek smirnov smirnova sobczak sobolev sodhi sohn sok
sokolov sokolova sokolowski solanki soliman solomon solomona solovyov solovyova som somani sombat somphanh son sone song soni sood soriano soumah souvannavong sow soyinka sridhar sridharan srinivas
srinivasan srivastava ssemakula stachowiak standingbear stankiewicz stepanenko stepanov stepanyan stepien stetsenko subramaniam subramanian sueoka sugawara sugihara sugimoto sugiyama suh sui sukhov
sulaiman suleiman sumulong sun sundaram sung sunwoo suos suresh suri suzuki swaminathan swamy sydorenko syed sylla sylvain symonenko szczepaniak szczepanski szeto szewczyk szulc szymanski szymczak
ta'amu tabata tabatabai tabuena tadesse tagaloa tagalog tagle taguchi taha tahara tahir tai taira takagi takahashi takaki takayama takeda takemoto takemura takenaka takeshita takeuchi tall talwar tam
tamashiro tambriz tamura tan tanabe tanaka tandon taneja tang tani taniguchi tanimoto tannous tao tarasenko tarasov tariq tashjian taufahema taumalolo tautahi tawiah tayag tecun tehrani tekle
teklemariam telfort teng teo tep terada terauchi tesfamariam tesfamichael tesfay tesfaye teshome tessema tetteh tewari tewelde thach thai thakkar thakur thammavong than thao thapar theodore thermidor
thiagarajan thiam thieu thoj tian tien tikhonov tilahun timbol timoshenko tine ting tinubu tith titov tiul tiwari tkach tkachenko tkachuk toda toh tohe tokuda tokunaga tolentino toma tomaszewski
tomczak tomita ton tong toor toure toussaint tovmasyan toyama trac tran trang traore trehan tretyakov trieu trinh trinidad tripathi trivedi truong tsai tsang tsao tse tsegaye tseng tshabalala
tshibanda tshimanga tshisekedi tsinajinnie tsinnie tso tsosi tsosie tsuchiya tsuda tsui tsuji tsukamoto tsutsui tuazon tuiasosopo tuilagi tuimavave tuitama tumusiime tung tuong tupul tupuola twum
tymoshenko tzoc tzul tzunun uba uche uchendu uchida ude udeh udo ueda uehara uemura ueno ugwu umali umeda umeh ung uperesa uppal urban urbanski usmani ustinov uwais uwimana uzor vaidya vaidyanathan
vaifale vainikolo valcin valenzuela van vang vann vardanyan varghese varma vasilenko vasiliev vasilieva vaswani vasylenko velasco velasquez venkataraman venkatesan venkatesh verma vijayakumar
villafuerte villanueva villareal villegas vilsaint vinogradov virk vohra volkov volkova vong vongphachanh vongsa vongxay vorobyov voronin voronov vue vuong vyas wada wade wadhwa wahab wahid wai
wainaina waithaka wakabayashi walczak walia wambua wan wang wangari wanjala wanyama warfa warrier warsame wasilewski wasowski watanabe waweru wee wei weldeab weldegebriel weldemariam wen weng
whiteeagle whitehair whitehorse wieczorek wilk wiredu wisniewski witkowski wlodarczyk wojciechowski wojcik wojtowicz wolde woldemariam woldu wondimu wong woo worku wozniak wrobel wroblewski wysocki
xia xiang xiao xicara xie xiloj xin xing xiong xue yabe yabut yacoub yadav yagi yaj yakovenko yakovlev yakubov yakubu yam yamada yamagata yamaguchi yamamoto yamamura yamanaka yamane yamani yamaoka
yamasaki yamashiro yamashita yamato yamauchi yan yanagi yanagisawa yang yano yanukovych yao yapchengco yashchenko yasin yassin yasuda yasui yau yax yazzie yeboah yee yeghiazaryan yeghoyan yegorov yeh
yellowhair yellowhorse yemane yen yeo yeom yermolenko yershov yeung yim yin ying yip yiu ylagan yohannes yojcom yokota yokoyama yonamine yoneda yoo yoon yos yoshida yoshikawa yoshimoto yoshimura
yoshinaga yoshino yoshioka you younan younes young youssef yousuf yuan yudin yue yuen yum yun yung yupanqui yurchenko yushchenko yusuf zachariah zah zahedi zaidi zaitsev zajac zakaryan zakharchenko
zakharov zakrzewski zalewski zaman zamora zang zapeta zawadzki zaytsev zelensky zemichael zeng zerai zeray zewde zewdie zha zhai zhan zhang zhao zhen zheng zhong zhou zhu zhuang zhukov zhuo zhuravlev
zidan zielinski zinchenko ziolkowski zogby zohrabyan zondi zou zulu zungu zuni zuo zwane
`
