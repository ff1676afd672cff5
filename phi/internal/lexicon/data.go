package lexicon

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/words"
)

// The field lexicon: what a JSON key says about its value. Keys stand in lower
// case without separators. A key matches an entry when it is the entry, or
// when its last words are the entry ("primaryHomePhone" ends in "homephone");
// entries of lexExact match whole keys only.
//
// The keys are those of FHIR R4, HL7 v2 segments, common EHR schemas, and
// practice-management systems.

type lexGroup struct {
	cat  category.Category
	keys string
}

// lexSuffix holds keys whose meaning stands whatever goes before them.
var lexSuffix = []lexGroup{
	{category.Name, `firstname fname forename givenname given lastname lname surname familyname family middlename mname middleinitial
		fullname legalname displayname preferredname nickname maidenname mothersmaidenname mothermaidenname birthname formername previousname
		aliasname aka knownas patientname clientname membername subscribername insuredname policyholder policyholdername cardholder cardholdername
		accountholder accountholdername guarantorname guardianname guardiansname mothername mothersname fathername fathersname parentname childname spousename
		partnername siblingname relativename nextofkinname nokname emergencycontactname contactname contactperson callername
		recipientname sendername fromname toname attendeename participantname beneficiaryname employername employeename personname
		responsiblepartyname signedname signature esignature initials namegiven namefamily namefirst namelast namemiddle namefull nameprefix namesuffix
		attendingname authorname clinicianname counselorname practitionername providername referringprovidername physicianname
		doctorname renderingprovidername signedby supervisorname therapistname nursename psychiatristname psychologistname coachname
		createdbyname updatedbyname realname familyname2 ownername username2 friendname witnessname interpretername landlordname teachername
		vorname nachname apellido apellidos prenom nomdefamille cognome achternaam voornaam fornavn etternavn efternamn fornamn sobrenome
		nombres primernombre segundonombre nombrecompleto nombrepaciente nombredelpaciente primerapellido segundoapellido apellidopaterno apellidomaterno nombremadre nombrepadre
		prenoms nomdenaissance nomdusage nomcomplet nomdupatient nompatient familienname geburtsname patientenname nomecompleto primeironome ultimonome apelido nomedamae nomedopai nomemae nomepai nomedopaciente nomepaciente
		имя фамилия отчество фио полноеимя имяпациента iмя ім'я прізвище 姓名 名字 姓氏 全名 患者姓名 病人姓名 联系人 聯絡人 联系人姓名 氏名 名前 이름 성명 환자명 الاسم اسمالمريض middleinit midinit patname patnm ptname fnm lnm nameoncard lastororganizationname lastnameororganization lastnameororganizationname nameused nametouse deadname aliasnames billingname shippingname signaturename calleridname calleename nameprior goesby powerofattorney ufname ulname firstnm lastnm familynm givennm lastnameatbirth birthlast legallast legalfirst preferredfirst marriedname marriedlast nombreyapellido nombreyapellidos nombresyapellidos nombresapellidos nombreapellido nombreapellidos nameandsurname firstandlastname firstandlast nomfamille surnames callname chosenname kinfirst kinlast chosenfirst forenames firstandmiddle nombrepila nomeproprio tussenvoegsel mothersmaiden mothersnamebeforemarriage`},
	{category.BirthDate, `birthdate dateofbirth dob birthday birthtime birthdatetime dobdate yob birthyear yearofbirth geburtsdatum fechanacimiento fechadenacimiento datedenaissance datanascita datadenascimento geboortedatum
		nacimiento fechanac fechadenac naissance datenaissance geburtstag gebdatum gebdat geburt datanascimento nascimento dtnascimento datadinascita fodselsdato fodelsedatum dataurodzenia
		датарождения деньрождения датанародження 出生日期 生日 出生年月 出生年月日 生年月日 誕生日 생년월일 생일 تاريخالميلاد birthdays birthdates birthdt brthdt brthdate birthdttm bdate bday dtbirth dtofbirth dayofbirth datetimeofbirth timeofbirth datebirth borndate birthinfo birthts birthtimestamp birthdatets bdt brthdy dobirth dobstr datenaiss dtnasc fecnac fnacimiento nasc birthdayfull`},
	{category.Date, `admitts dischargets admissiondate admitdate admittedat dischargedate dischargedat deathdate dateofdeath deceaseddate deceaseddatetime deceasedat deathtime
		appointmentdate appointmenttime apptdate servicedate dateofservice visitdate sessiondate encounterdate
		intakedate referraldate consentdate signeddate signedat injurydate onsetdate onsetdatetime symptomonset terminationdate hiredate marriagedate
		prescriptiondate filldate scheduledat scheduledstart scheduledend sessionstart sessionend servicestart serviceend coveragestart coverageend
		effectivedatetime abatementdatetime performeddatetime recordeddate authoredon lastseen nextappointment lastvisit nextvisit
		lastappointment enrollmentdate collectiondate collecteddate specimendate testdate labdate surgerydate proceduredate
		diagnosisdate diagnosedat diagnosedon followupdate weddingdate anniversary immunizationdate occurrencedatetime checkin checkout checkedinat checkedoutat startsat endsat startat endat bookedat submittedat attendedat arrivedat lastlogin lastlogon lastsignin previouslogin lastlogindate lastlogintime`},
	{category.Age, `age yearsold ageatvisit ageatadmission ageatdx ageatdiagnosis agegroup agerange ageyears ageinyears deceasedage patientage clientage currentage ageatdeath edad idade leeftijd возраст 年龄 年齢`},
	{category.Phone, `phone phones phonenumber phonenumbers telephones mobiles phoneno telephone telephonenumber tel mobile mobilenumber mobilephone cell cellphone cellnumber homephone workphone
		daytimephone eveningphone pager pagernumber fax faxnumber faxphone smsnumber textnumber whatsapp callerid contactnumber callbacknumber callback
		landline telecom telefono telefonnummer telefon handynummer telefone celular msisdn telefonos telefonomovil telefonofijo movil telephoneportable numerotelephone numerodetelephone mobiltelefon mobilnummer festnetz telemovel cellulare numerodetelefono telefoonnummer mobiel
		телефон телефоны мобильный мобильныйтелефон номертелефона 电话 電話 手机 手機 手机号 手机号码 电话号码 联系电话 電話番号 携帯電話 携帯番号 전화번호 휴대폰 휴대폰번호 전화 الهاتف رقمالهاتف phonee164 voicemailnumber phonearea communicationnumber communicationnumbers callernumber callingnumber calleenumber callednumber dialednumber destinationnumber originatingnumber calleridnumber forwardedfrom fromnumber tonumber employerphone phoneareacode phoneprefix phonesuffix phoneextension telno contactphonenumber wanumber waid directline numbertocall bestnumber bestphone reachat`},
	{category.Email, `email emailaddress emailaddr mail mailaddress correo courriel emaildirect correoelectronico adressemail adresseemail emailadresse correioeletronico почта электроннаяпочта емейл 邮箱 电子邮件 电子邮箱 電子郵件 メールアドレス 이메일 البريدالإلكتروني loginemail replyto fromemail toemail emails ccemail bccemail directaddress`},
	{category.Address, `address addresses addr address1 address2 address3 addressline addressline1 addressline2 addressline3 addresstext fulladdress formattedaddress
		addressstreet streetaddress street street1 street2 streetline streetline1 streetline2 streetname streetnumber line1 line2
		homeaddress mailingaddress billingaddress shippingaddress employeraddress residence residentialaddress postaladdress
		pobox apartment apartmentnumber aptnumber housenumber suite suitenumber unitnumber roomnumber strasse adresse direccion indirizzo endereco domicilio calle crossstreet crossstreets addresslineone addresslinetwo streetandnumber wherelives domicile dwelling callenumero add1 add2 addrline addrline1 addrline2 addressln1 addressln2 streetaddr
		anschrift wohnadresse hausnummer morada bairro logradouro adres straat calleynumero rue adressepostale адрес улица домашнийадрес адреса 地址 住址 家庭住址 联系地址 住所 주소 العنوان`},
	{category.Place, `city cityname cityvillage town village municipality county countycode countyname countydistrict district districtcode precinct neighborhood neighbourhood
		borough parish birthplace placeofbirth birthcity hometown cityofbirth suburb ciudad ort stadt ville comune cidade locality
		wohnort geburtsort municipio localidad commune lieunaissance lieudenaissance lugarnacimiento lugardenacimiento cityofresidence townofresidence countyofresidence citystate ciudadresidencia birthloc birthlocation bornat placebirth cityborn lieunaiss lugarnac naturalidade luogodinascita woonplaats geboorteplaats citta город месторождения місто 城市 出生地 市区町村 도시 المدينة`},
	{category.PostalCode, `zip zipcode zip4 zip5 postal postalcode postcode plz codigopostal codepostal postnummer postleitzahl zipcd zipplus4 ziporpostal ziporpostalcode postalcd eircode 邮编 邮政编码 郵便番号 우편번호`},
	{category.Geo, `lat latitude lng longitude geolocation geopoint geohash gpslocation gps coordinates coords gpscoordinates latlng latlong latlon lon geolat geolon geolng geolong latdeg lngdeg londeg latdd londd latitud longitud breitengrad laengengrad latitudedegrees longitudedegrees gpslong homelong pluscode what3words locationlat locationlng`},
	{category.SSN, `ssn ssnumber socialsecurity socialsecuritynumber socialsecurityno socsec socialsecuritynum ssnlast4 ssnlastfour last4ssn lastfourssn ssno itin taxid taxpayerid tin
		taxidentificationnumber nationalid nationalidnumber nationalidentifier nationalinsurancenumber nino sin socialinsurancenumber curp cpf dni nie bsn personnummer steuerid codicefiscale aadhaar pesel
		numeroseguridadsocial nss numerosecuritesociale nir numsecu sozialversicherungsnummer svnr снилс инн 身份证 身份证号 身份证号码 社保号 マイナンバー 주민등록번호 cedula nif ssnum ssnbr governmentid governmentidnumber govid govtid federalid federaltaxid sssn socialsecuritynbr socialno socno socialnumber taxidssn`},
	{category.MedicalRecord, `mrn mrnumber mrno medicalrecordnumber medicalrecordno medicalrecord medrecno medicalrecordid chartid chartno chartnumber patientnumber patientno
		patientidentifier externalpatientid epicid ehrid emrid accountmrn pubpid visitnumber hospitalnumber nhsnumber unitnumbermr enterpriseid empi mpi mpiid fin finnumber
		historiaclinica numerohistoria numerodehistoria numeroexpediente patientennummer fallnummer prontuario numerodossier 病历号 住院号 病案号 患者番号 カルテ番号 clientnumber personnumber medrec patientrecordnumber medicalrecordidentificationnumber medicalrecordidentificationnumberehr clientrecordnumber cmrn chartnum clientnum patno mrnum medicalrecnum hospno hospitalno emrnumber ehrnumber patientcode unitrecordnumber`},
	{category.HealthPlan, `memberid membernumber memberno subscriberid subscribernumber policyid policyno policynumber groupno groupnumber groupid2 insuranceid insurancenumber insid insno insnumber grpno grpnum grpnumber
		insurancememberid beneficiaryid beneficiarynumber hicn hicnumber mbi medicareid medicarenumber medicaidid medicaidnumber payermemberid planmemberid coverageid
		rxid authnumber authorizationnumber authorizationid priorauthnumber priorauth priorauthorization rxbin rxgroup rxpcn rxgrp healthplanid healthplannumber insurancecardnumber dependentid preauthref
		versichertennummer versichertennr cardholderid insuranceidnumber insurancecardid inssubid insuredsubid subscriberidentifier subscriberprimaryidentifier insuredprimaryidentifier memberidentifier patientprimaryidentifier entityidentificationvalue healthnumber healthid healthcardno personalhealthnumber krankenversichertennummer kvnr полис номерполиса 医保号 医保卡号 polnum subsid panumber policygroup insurancegroup insuredsid insuredid cartaosus numerocartaosus carteirinha numadherent numeroadherent`},
	{category.Account, `accountnumber accountno acctno acctnumber acctnum accountnum bankaccount bankaccountnumber routingnumber routingno abanumber iban bic swift swiftcode sortcode
		claimno claimnumber claimid claimcontrolnumber icn invoicenumber invoiceno statementnumber paymenttoken stripecustomerid paymentmethodid checknumber receiptnumber invnumber eftnumber tracenumber acctlast4 acctlastfour banklast4 banklastfour accountlast4 patientcontrolnumber guarantornumber hspaccountid hospitalaccountid`},
	{category.Card, `cardnumber cardno cardpan creditcard creditcardnumber ccnumber ccnum debitcard debitcardnumber cardlast4 cardlastfour cclast4 cardexp cardexpiry cardcvc cvc cvv cvv2 securitycode expirationdatecard`},
	{category.License, `driverslicense driverlicense driverslicence driverlicence driverslicensenumber driverlicensenumber dlnumber licensenumber licenseno licencenumber
		certificatenumber certificateno dea deanumber npi npinumber passport passportnumber passportno statelicense statelicensenumber permitnumber visanumber greencardnumber aliennumber dlnum dlid dmvid certnumber passportid passportnbr passeport pasaporte reisepass reisepassnummer traveldocumentnumber ppno`},
	{category.Vehicle, `vin vinnumber vehicleid vehicleidentificationnumber licenseplate licenceplate platenumber numberplate registrationplate plateno vehicleplate vehicletag vehicleregistration parkingtag cartag autotag parkingpermit`},
	{category.Device, `deviceid deviceidentifier deviceserial deviceserialnumber devicetoken serialnumber serialno udi udicarrier imei imsi meid iccid macaddress macaddr androidid idfa gaid advertisingid
		pushtoken fcmtoken apnstoken registrationtoken implantserial deviceuuid bluetoothaddress`},
	{category.URL, `website homepage profileurl portalurl joinurl meetingurl meetinglink telehealthurl telehealthlink videolink videourl zoomlink linkedin socialprofile weburl blogurl magiclink reseturl`},
	{category.Network, `ip ipaddress ipaddr clientip remoteip remoteaddr remoteaddress sourceip srcip dstip userip lastloginip xforwardedfor forwardedfor ipv4 ipv6 peerip hostip`},
	{category.Biometric, `biometric biometrics fingerprint fingerprints faceid facetemplate voiceprint iris irisscan retina retinascan dna dnasequence geneticsequence genome handwriting palmprint`},
	{category.Photo, `photo photos photourl avatar avatarurl headshot picture profilepicture profilephoto profileimage selfie faceimage portrait mugshot insurancecardfront insurancecardback idcardimage driverslicenseimage
		recordingurl audiorecording videorecording voicerecording`},
	{category.OtherID, `twitterhandle instagramhandle ighandle tiktokhandle snapchathandle discordhandle socialhandle socialmediahandle venmohandle facebookhandle
		studentno studentnumber caseid caseno casenumber courtcasenumber docket docketno docketnumber ticketnumber prescriptionnumber rxnumber rxno accessionnumber specimenid studentid schoolid inmatenumber
		hmisid causeno enduserid userprincipalname signinname causenumber employeeid empid employeenumber badgenumber badgeid staffnumber personnelnumber username userhandle screenname remoteuser forwardeduser altid login loginname loginid uniqueid idnumber idno externalid referencenumber confirmationnumber encounternumber ordernumber militaryid tribalid vaccinationcardnumber masteridentifier preadmissionidentifier groupidentifier requisition facebook instagram twitter tiktok snapchat referralnumber scriptnumber specimennumber registrationnumber regnumber ordnum refnum bookingnumber incidentnumber facebookid skype skypeid telegramid wechat wechatid lineid discordid gamertag portaluser xbox`},
	{category.PersonID, `patientid clientid personid personuuid userid memberuuid subjectid entityidperson contactid guardianid guarantorid caregiverid dependentuuid relatedpersonid patientuuid clientuuid useruuid accountuserid actorid
		clinicianid therapistid providerid practitionerid counselorid staffid authorid createdby updatedby deletedby modifiedby assignedto assigneeid performedby patid ptid donorid personnbr`},
	{category.Secret, `password passwd pwd passphrase secret clientsecret apikey accesstoken refreshtoken idtoken sessiontoken authtoken bearer bearertoken authorization cookie setcookie otp mfacode totpsecret
		privatekey securityanswer securityquestion pin pincode passwordhash hashedpassword passwordsalt sessionkey secretkey accesskey csrftoken jwt credentials`},
	{category.Psychotherapy, `psychotherapynote psychotherapynotes psychotherapy processnote processnotes privatenote privatenotes personalnotes shadownotes sessionnotesprivate
		therapistprivatenotes counselingnotes counsellingnotes sudcounselingnote sudcounselingnotes sudcounselingnotes sudnotes sudcounsellingnotes therapistprivatenote clinicianprivatenotes`},
}

// lexExact holds keys that mean a person's data only when they stand alone.
var lexExact = []lexGroup{
	{category.Name, `cnam alias middle namef namel namem namefn nameln namemi nmf nml nmm attendees participants signature mrs nom nombre patronymic nome 姓 名 성 اسم authorstring nick maiden mmn`},
	{category.BirthDate, `born geb birth bornon`},
	{category.Date, `dos issued period effectiveperiod performedperiod startdate enddate starttime endtime date onset effective occurrence arrival departure`},
	{category.Address, `apt`},
	{category.Phone, `areacode valuecontactpoint ani dnis mob beeper hphone wphone`},
	{category.Place, `cty cnty pob bornin`},
	{category.PostalCode, `cep zp индекс`},
	{category.SSN, `ss nid last4ss nin`},
	{category.MedicalRecord, `identifier identifiers chart patientnum valueidentifier csn mr`},
	{category.HealthPlan, `ohip ihi hcn`},
	{category.Account, `pan last4 iin dcn tcn acnt`},
	{category.Card, `card cc`},
	{category.License, `dl ppn anumber`},
	{category.Vehicle, `plate tagnumber placa matricula`},
	{category.Device, `serial mac`},
	{category.URL, `url uri link href`},
	{category.OtherID, `handle accn rxnum insta fb telegram discord venmo cashapp logon ims upn uniquename icaluid internetmessageid inreplyto smtpid xuser xauthuser authuser`},
	{category.PersonID, `subject pid patient_id individual`},
	{category.Geo, `geo long`},
	{category.Secret, `token`},
}

// hl7Fields are HL7 v2.5 fields by segment and number, written as in PID-5.
var hl7Fields = []lexGroup{
	{category.Name, `evn5 pid5 pid6 pid9 nk12 gt13 in116 pv17 pv18 pv19 pv117 pv152 nk130 in213 obr16 orc12 orc10 orc11 obr32 obx16 gt118 gt142
		pd14 nk113 nk126 gt14 gt116 gt121 gt145 in16 in111 in130 in23 in240 in249 in252 mrg7 obr10 obr28 obr33 obr34 obr35 orc19 sch12 sch16 sch20 aip3 rol4 txa5 txa9 txa10 txa11 txa22 txa23
		dg116 pr18 pr111 pr112 ft120 ft121 stf3 prd2 ctd2 rxe13 rxe14 rxo14 rxd10 rxa10 nte5 prt5 iam14 qrd8`},
	{category.BirthDate, `pid7 gt18 in118 nk116 stf6`},
	{category.Date, `pid29 pv144 pv145 obr7 obr8 obx14 evn2 evn6 obr22 orc9 dg15 pr15 al16 pv28 pv29 in112 in113 txa4 txa6 txa7 txa8 obr6 obr14 orc15 ft14 ft15 aip6 ais4 aig8 ail6 acc1 rxd3 rxa3 spm17 spm18`},
	{category.Phone, `pid13 pid14 pid40 gt16 gt17 nk15 nk16 nk131 in17 orc14 gt146 in158 in263 in264 obr17 sch13 sch17 sch21 rol12 stf10 prd5 ctd5`},
	{category.Address, `pid11 gt15 nk14 in119 nk132 gt117 orc24 in144 sch14 sch18 rol11 stf11 prd3 ctd3`},
	{category.Place, `pid12 pid23 nk138`},
	{category.SSN, `pid19 gt112 nk137 in22`},
	{category.MedicalRecord, `pid2 pid3 pid4 pid21 pv119 pv150 mrg1 nk133 mrg4 mrg2 mrg5 mrg6 pv15`},
	{category.HealthPlan, `in136 in149 in12 in18 in23 in26 in28 in110 in114 in261 pv112 db13`},
	{category.Account, `pid18 gt12 mrg3 ft12`},
	{category.License, `pid20`},
	{category.OtherID, `sch1 sch2 orc2 orc3 orc4 obr2 obr3 txa12 txa13 txa14 gt119 in21 spm2 rxe15 rxd7 stf2 qpd3`},
}

// ncpdpFields are fields of NCPDP Telecommunication by number and code, written as
// in 310-CA.
var ncpdpFields = []lexGroup{
	{category.Name, `310ca 311cb 312cc 313cd 427du 716sy 717sx`},
	{category.BirthDate, `304c4`},
	{category.HealthPlan, `302c2 301c1 115n5`},
	{category.Address, `322cm`},
	{category.Place, `323cn`},
	{category.PostalCode, `325cp`},
	{category.Phone, `326cq 498pm`},
	{category.OtherID, `331cx 332cy 402d2`},
	{category.Email, `350hn`},
}

// lexSafe are technical keys: their values are looked at for identifiers of
// unmistakable form only.
const lexSafe = `id uuid guid ulid eventid messageid requestid correlationid causationid traceid spanid traceparent tracestate aggregateid streamid partition partitionkey offset sequence seq
	idempotencykey tenantid tenant orgid organizationid practiceid locationid facilityid siteid appointmentid encounterid sessionid documentid noteid invoiceid planid serviceid templateid roleid drugid productid
	type eventtype resourcetype kind system use status state statecode stateprovince province country countrycode countryname nationality version schemaversion revision schema code coding codesystem codes
	display action operation outcome method severity level priority environment region locale language lang preferredlanguage timezone tz unit units currency amount minor total subtotal price cost balance quantity count number
	size bytes duration durationms timeoutms attempt attempts retries ttl hash sha256 sha1 md5 checksum digest etag commit build buildid logger host hostname component service servicename module function
	contenttype datacontenttype mediatype mimetype encoding charset httpstatus statuscode errorcode errortype topic queue stream shard createdat updatedat deletedat publishedat occurredat receivedat timestamp ts
	lastupdated modifiedat expiresat gender sex genderidentity pronouns race ethnicity maritalstatus religion citizenship birthsex sexualorientation veteranstatus language occupation education
	icd icd10 icd10code diagnosiscode dxcode cpt cptcode procedurecode hcpcs modifier loinc snomed rxnorm ndc cvx placeofservice dose dosage strength frequency route score phq9 gad7 pcl5 cssrs auditc dast10
	statemachine statename categorycode namespace profile percentage rate ratio index rank order weight height bmi bloodpressure heartrate temperature active enabled verified
	valuecode valueboolean valuedecimal valueinteger valuequantity valuecoding valueuri valueunit fhirversion relationship outcomecode multiplebirthboolean interpreterrequired issuedby fieldtype datatype dataclassification color colour gestationalage gestage confidence page perpage pagesize pagenumber totalpages limit pays stateorprovince administrativedistrictlevel1 adminarea1 cardbrand cardtype cardnetwork stateofresidence countryofresidence
	make manufacturer brand vendor oem tipo idioma iss format payername payorname insurername insurancename planname carriername tradingpartnername`

// lexMeta are keys that don't take over the category of the container they
// stand in: telecom.system is not a phone number.
const lexMeta = `system use type period rank resourcetype coding code status kind label primary preferred verified active url linkid lang mode scheme relationship gender brand funding network confidence iss format`

// lexText are keys of free text.
const lexText = `additionalinfo annotation assessment body comment comments content description details display div goals history hpi message messagebody memo narrative note notes objective
	plan presentingproblem progressnote question reason reasonforvisit remarks safetyplan subjective summary text title transcript treatmentplan subjectline chiefcomplaint tag tags`

// lexValue are keys whose value is explained by a sibling key.
const lexValue = `value values val answer answers response responses before after old new oldvalue newvalue previousvalue currentvalue from to content data
	valuestring valuetext valueinteger valuedate valuedatetime valuedecimal valueaddress valuehumanname valuecontactpoint valueidentifier valueattachment valuecode valueuri valueperiod valuereference
	valuecodeableconcept valuecoding valuequantity valuetime timestampvalue integervalue doublevalue numbervalue datevalue valueinstant valueunsignedint valuepositiveint valueid valuemarkdown valuebase64binary valueurl valueannotation extension answervalue fieldvalue textvalue stringvalue datavalue rawvalue defaultvalue initial item ours theirs onfile submitted incoming existing proposed corrected supplied entered stored
	v a ans arg argument answertext rejectedvalue received actual expected operand term input
	valuedetection normalizedvalue controlvalue oldval newval fromvalue tovalue lhs rhs fromstring tostring was is valor valeur wert resposta respuesta reponse antwort`

// lexDiscriminator are keys whose string value says what the sibling value is,
// the strongest first.
const lexDiscriminator = `url key field fieldname fieldid fieldlabel attribute attributename property propertyname parameter param column columnname row header question questiontext prompt label name code
	concept display text title linkid kind type system id path
	k col attr prop slot var variable element loc questionid fieldkey fieldtitle tablabel by q
	caption controllabel etiqueta campo libelle champ bezeichnung feld pregunta pergunta frage
	rule check issue error warning finding mismatch discrepancy conflict difference edit`

// personWords are keys and entities that stand for a person: a name within is a person's.
const personWords = `patient patients pt ptnt clt client clients user users person persons people member members contact contacts subscriber subscribers insured guarantor guardian guardians caregiver caregivers
	parent parents mother father spouse partner husband wife child children son daughter sibling sister brother dependent dependents relative relatives relation nextofkin nok emergencycontact emergencycontacts beneficiary
	practitioner practitioners clinician clinicians therapist therapists counselor counselors counsellor psychiatrist psychologist nurse doctor physician provider providers staff employee employees supervisor
	author sender recipient recipients attendee attendees participant participants individual actor customer customers caller owner assignee requester reviewer approver payer2 holder policyholder cardholder accountholder
	relatedperson friend roommate witness interpreter attorney lawyer teacher landlord neighbor account profile applicant candidate resident student inmate veteran consumer coach prescriber signer cosigner responsibleparty
	paciente cliente medico patientin versicherter arzt arztin medecin пациент врач клиент 患者 病人 医生 환자
	prov aunt uncle cousin niece nephew grandmother grandfather grandma grandpa grandparent grandparents stepmother stepfather stepmom stepdad stepson stepdaughter stepbrother stepsister fiance fiancee boyfriend girlfriend mom dad mum
	facilitator facilitators cofacilitator moderator presenter examinee examiner evaluator assessor interviewer interviewee respondent petitioner plaintiff defendant victim suspect offender judge mediator magistrate notary scribe transcriber transcriptionist
	surgeon pharmacist dentist midwife doula dietitian nutritionist chaplain pastor rabbi officer probationofficer deputy detective mentor tutor supervisee trainee preceptor intern sponsor babysitter nanny sitter carer technician phlebotomist radiologist
	pathologist anesthesiologist guardianadlitem gal ombudsman advocate signatory cotherapist complainant dispatcher
	authenticator asserter attester recorder verifier pcp casemanager caremanager carecoordinator socialworker scheduledwith meetingwith billedto referringmd attendingmd md who
	conservator poa hcpoa dpoa healthcareproxy surrogate enrollee addressee payee claimant historian translator hygienist cna
	performer requestor enterer informant subject referrer admitter consultant attender household family maker driver bearer requestedby performedby createdby updatedby signedby invitee lead referral intake household member admin administrator user2 nextkin caseworker organizer creator callee enduser billto shipto remoteparty attn authorizedpickup primaryprovider insurancepolicyholder login session auth registration signup`

// entityWords are the words of keys that name what stands below them. No word is in two lists.
var entityWords = map[Entity]string{Person: personWords, Thing: thingWords, Transparent: transparentWords}

// thingWords are keys and entities whose name is not a person's.
const thingWords = `drug drugs medication medications medicine plan plans service services template templates role roles product products event events file files form forms document documents report reports
	system component module queue topic stream job task workflow process stage step status category categories type types tag tags group groups team teams department departments practice clinic facility organization organisation
	organizations org company location locations site room rooms office payer insurer insurance pharmacy lab test tests procedure procedures diagnosis diagnoses condition conditions problem allergy allergen vaccine immunization observation
	measure metric measurement score scale questionnaire survey assessment goal goals program programs course code coding device devices app application browser os project feature flag setting settings permission permissions policy policies rule rules
	amount amounts charge fee fees tax line invoice payment currency bank gateway region country state language locale timezone bucket table column field schema index database host server cluster environment
	exercise intervention treatment technique appointmenttype visittype sessiontype notetemplate billingcode cpt icd modality specialty taxonomy resource2 integration webhook endpoint api library package version dashboard widget theme menu module ingredient substance specimen panel holiday calendar
	client2 channel plugin sku brand manufacturer model color skill certification2 school employer2 network2 tenant repository repo flags alert alerts reminder reminders groupsession med meds rx generic
	tradingpartner payor medicamento medicamentos servicio servico seguro aseguradora clinica producto empresa convenio medicament assurance mutuelle medikament versicherung krankenkasse klinik`

// transparentWords are keys that say nothing of their own: what stands around them counts.
const transparentWords = `data attributes resource record records object payload body item items entry entries result results value values before after old new list array page current previous snapshot delta changes detail details info information
	demographics personal general basic meta2 node edges fields properties input output request response params include included content state2 full contained row rows extension profile2 header summary2 byid bynumber bykey`

// abbreviations are words of keys as databases shorten them.
var abbreviations = words.DictionaryOf(map[string]string{
	"nm": "name", "nme": "name", "dt": "date", "dte": "date", "nbr": "number", "nmbr": "number", "frst": "first", "fst": "first", "lst": "last", "mdl": "middle", "mid": "middle",
	"ph": "phone", "phn": "phone", "fon": "phone", "pt": "patient", "pat": "patient", "ptnt": "patient", "clt": "client", "clnt": "client", "brth": "birth", "plc": "place", "dth": "death", "mthr": "mother", "fthr": "father", "cd": "code", "txt": "text",
	"mbr": "member", "mem": "member", "prov": "provider", "prvdr": "provider", "emp": "employee", "guar": "guarantor", "subscr": "subscriber", "sbr": "subscriber", "insd": "insured", "emerg": "emergency", "cntct": "contact",
	"addr": "address", "adr": "address", "str": "street", "cty": "city", "lic": "license", "soc": "social", "sec": "security", "dr": "doctor", "doc": "doctor", "ins": "insured", "acc": "account", "pol": "policy",
	"no": "number", "num": "number", "nr": "number", "tm": "time", "sn": "serialnumber", "enc": "encounter", "subs": "subscriber", "cert": "certificate", "ref": "reference", "conf": "confirmation", "med": "medical", "rec": "record", "cl": "client", "mdcd": "medicaid", "mdcr": "medicare",
})

// X12Fields are the elements of ASC X12N segments (837, 834, 270/271, 835) that
// tell of persons, as segment and number.
var X12Fields = map[string]category.Category{
	"NM103": category.Name, "NM104": category.Name, "NM105": category.Name, "NM109": category.HealthPlan,
	"N102": category.Name, "N104": category.HealthPlan, "N301": category.Address, "N302": category.Address, "N401": category.Place, "N403": category.PostalCode,
	"DMG02": category.BirthDate, "REF02": category.OtherID, "PER02": category.Name, "PER04": category.Phone, "PER06": category.Phone, "PER08": category.Phone, "SBR03": category.HealthPlan, "SBR04": category.HealthPlan,
	"DTP03": category.Date, "DTM02": category.Date, "BPR07": category.Account, "BPR09": category.Account, "BPR13": category.Account, "BPR15": category.Account, "PLB03": category.Account, "PLB05": category.Account,
	"CLM01": category.Account, "CLP01": category.Account, "CLP07": category.Account, "INS12": category.Date, "PAT06": category.Date, "TRN02": category.OtherID,
}
