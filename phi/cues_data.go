package phi

// cueWords are the words that recognizers go by. A _ stands for a space.
var cueWords = []struct {
	is    cueKind
	cat   Category
	words string
}{
	{cueMonth, None, `january february march april may june july august september october november december
		jan feb mar apr mayo jun jul aug sep oct nov dec`},
	{cueMonth, None, `enero febrero marzo abril mayo junio julio agosto sept octubre noviembre diciembre`},
	{cueWeekday, None, `monday tuesday wednesday thursday friday saturday sunday mon tues wed thurs fri`},
	{cueTitle, None, `mr mrs ms miss mx dr doctor prof professor sir madam mme mlle herr frau senor senora senorita sr sra srta monsieur madame mademoiselle don dona rev reverend father pastor rabbi imam sgt sergeant capt captain lt lieutenant
		col colonel gen maj major cpl judge justice hon senator congressman congresswoman officer detective nurse pa np rn dame lord lady fr attorney counselor mister`},
	{cueRelation, None, `patient pt client wife husband spouse partner mother father mom dad son daughter brother sister sibling aunt uncle cousin grandmother grandfather niece nephew child
		therapist psychiatrist psychologist clinician physician provider caregiver guardian contact friend kid baby founders founder roommate colleague boss teacher surgeon specialist resident fiance fiancee girlfriend boyfriend neighbor
		subject defendant plaintiff employee user customer member caller witness tenant author manager applicant student attending respondent petitioner deponent claimant passenger supervisor beneficiary insured mrs`},
	{cueIntro, None, `named called name signed sincerely regards cheers attn attention aka alias nee introduce`},
	{cueGreeting, None, `dear hi hello hey thanks thank hola bonjour`},

	{cueKey, MedicalRecord, `mrn mr# medrec chart emr ehr emrn`},
	{cueKey, SSN, `ssn ss# socsec itin tin sin nino`},
	{cueKey, HealthPlan, `mbi hicn medicare medicaid beneficiary subscriber policyholder`},
	{cueWeakKey, HealthPlan, `member policy insurance group plan authorization auth health payer coverage certificate enrollee memberid`},
	{cueKey, Account, `acct account iban routing aba swift bic`},
	{cueWeakKey, Account, `claim invoice bank checking savings statement billing payment transaction wire`},
	{cueKey, PostalCode, `zip zipcode postcode postalcode plz`},
	{cueKey, Card, `cvv cvc`},
	{cueWeakKey, Card, `card visa mastercard amex discover credit debit`},
	{cueKey, License, `passport dea npi dl licence license licencia permiso`},
	{cueKey, Vehicle, `vin plate plates`},
	{cueWeakKey, Vehicle, `vehicle tag registration`},
	{cueKey, Device, `imei udi imsi iccid serial s/n`},
	{cueWeakKey, Device, `device pacemaker implant pump model`},
	{cueKey, Phone, `phone tel telephone cell mobile fax pager telefono telefon handy whatsapp landline call text ph sms phones dial dialed answering reachable messages message desk`},
	{cueKey, OtherID, `username userid login handle nickname screenname employee badge student inmate ticket docket nid national tax identifier reference ref uid id ids identification`},
	{cueWeakKey, OtherID, `case order confirmation accession specimen encounter visit user incident file booking reservation rx prescription request tracking unique military record study sample participant trial protocol lab sample customer patient client certification cert`},
	{cueNoun, None, `number no nr num id ids identifier numbers code digits ending nbr identification`},
	{cueFill, None, `is was of as the for on my your his her their our at to ending in with under has it's its reads showing listed rental`},

	{cueStreet, None, `street st avenue ave av road rd boulevard blvd drive dr lane ln court ct circle cir way place pl terrace ter parkway pkwy highway hwy square sq trail trl
		alley aly loop crescent cres close grove row walk path plaza plz pike run ridge crossing xing turnpike tpke commons point pt pass bend cove creek gardens garden green heights hts hill hills hollow island isle junction key knoll knolls
		lake landing light manor meadow meadows mews mill mission mount mountain orchard oval overpass park parks passage pine pines plain plains port prairie ranch rapids rest route rue shoal shore shores skyway spring springs spur station stream
		summit throughway trace track trafficway trailer tunnel underpass union valley viaduct view views village ville vista ways wells expressway extension fall falls ferry field fields flat flats ford forest forge fork forks freeway fort estate estates divide dale dam curve crest corner corners common club cliff cliffs causeway cape canyon camp bypass burg brook brooks bridge branch bottom bluff bluffs beach bayou annex anex arcade center stravenue haven harbor inlet freeway gateway glen glens mall stasse
		strasse str gasse weg allee platz straat laan gatan vagen vej gade katu tie tee ulica utca u`},
	{cueRoad, None, `rue via calle avenida av avda viale piazza corso largo rua paseo plaza chemin boulevard impasse allee place quai route camino carrera ul ulica al strada vicolo carretera ronda travessa praca cours avda ctra calle`},
	{cueUnitWord, None, `apt apartment suite ste unit floor fl room rm bldg building po p box pobox lot psc cmr apo fpo dpo`},
	{cueAddress, None, `address addresses lives live lived living resides reside resided residing located office offices house home restaurant station meet sent send return deliver delivered ship shipped mail moved taxi drops stop`},

	{cueFacility, None, `hospital hospitals clinic clinics center centre medical medicine health healthcare infirmary hospice sanatorium institute pharmacy surgery practice rehab rehabilitation university college school academy
		hosp office facility campus church prison jail dispensary wellness memorial polyclinic urgent er ed icu ward department shelter`},
	{cueIn, None, `in from near at around visiting lives living resides residing moved relocated visited visit travel traveled travelled traveling born toward towards outside downtown via to city town county located hometown through across flew leaving arrived based work works admitted transferred`},
	{cueCare, None, `seen admitted treated evaluated reviewed operated hospitalized hospitalised transferred discharged referred followed observed presented presenting visited examined diagnosed surgery biopsy underwent admission visit appt appointment care born delivered stayed works worked tx'd dx'd tested tests report records screened consulted replacement transplant procedure hospital see seeing seeks enrolled attended attends studied cared conducted performed endoscopy imaging scan labs notes managed monitored received hospice rehab therapist`},
	{cueTown, None, `grew raised originally moved lives living live lived resides residing flew fly flying drove drive driving travel traveled traveling travelling travelled trip arrived arrive arriving returned returning based born city town village county home hometown came comes coming went going headed relocated world here native visiting visit stay stayed suburb outskirts downtown year i'm am is`},
	{cueState, None, `alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri
		montana nebraska nevada new_hampshire new_jersey new_mexico new_york north_carolina north_dakota ohio oklahoma oregon pennsylvania rhode_island south_carolina south_dakota tennessee texas utah vermont virginia washington west_virginia wisconsin wyoming puerto_rico guam`},
	{cueCountry, None, `afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh barbados belarus belgium belize benin bhutan bolivia botswana brazil brunei bulgaria burundi cambodia cameroon canada chad chile china colombia congo croatia cuba cyprus czechia
		denmark dominica ecuador egypt eritrea estonia ethiopia fiji finland france gabon gambia germany ghana greece grenada guatemala guinea guyana haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan kazakhstan kenya kiribati kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania luxembourg
		madagascar malawi malaysia maldives mali malta mauritania mauritius mexico micronesia moldova monaco mongolia montenegro morocco mozambique myanmar namibia nauru nepal netherlands nicaragua niger nigeria norway oman pakistan palau panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa senegal serbia seychelles singapore slovakia slovenia somalia spain sudan suriname swaziland sweden switzerland syria taiwan tajikistan tanzania thailand togo tonga
		tunisia turkey turkmenistan tuvalu uganda ukraine uruguay uzbekistan vanuatu venezuela vietnam yemen zambia zimbabwe england scotland wales britain greenland united_states united_kingdom south_africa south_korea north_korea new_zealand sri_lanka saudi_arabia costa_rica el_salvador equatorial_guinea solomon_islands marshall_islands antigua_and_barbuda trinidad_and_tobago bosnia_and_herzegovina saint_vincent_and_the_grenadines saint_kitts_and_nevis saint_lucia san_marino sao_tome_and_principe east_timor timor-leste guinea-bissau vatican_city cook_islands cayman_islands virgin_islands british_virgin_islands falkland_islands american_samoa french_guiana french_polynesia new_caledonia isle_of_man kingdom_of_the_netherlands democratic_republic_of_the_congo republic_of_the_congo republic_of_korea democratic_people's_republic_of_korea peoples_republic_of_china central_african_republic south_sudan western_sahara cote_d'ivoire north_macedonia northern_ireland united_arab_emirates united_states_of_america great_britain russian_federation eswatini palestine dominican_republic czech_republic hong_kong faroe_islands sierra_leone burkina_faso cape_verde ivory_coast papua_new_guinea trinidad tobago bosnia herzegovina macedonia usa uk uae u.s aruba anguilla curacao monserrat montserrat bermuda gibraltar guadeloupe martinique reunion macao`},
	{cueStop, None, `the a an and or but if then than that this these those there here of in on at by for from to with without within into onto upon over under about after before during since until while as is are was were be been being am do does did done doing have has had having
		he she it they we you i his her hers its their theirs our ours your yours my mine him them us me who whom whose which what when where why how not no nor so too very can could will would shall should may might must need let lets please also both each every either neither any some all most many few more less much such own same other another
		just only even still yet again ever never always often sometimes however therefore thus because although though unless whereas per via due against between among through across along around near off out up down dont doesnt didnt isnt arent wasnt cant wont ive id ill im youre youve theyre hes shes thats whats theres heres wasnt hasnt havent
		yes ok okay well now today tomorrow yesterday tonight currently recently previously first second third last next new old good bad best better worse great little big long short high low right left early late year years month months week weeks day days hour hours minute minutes time times
		one two three four five six seven eight nine ten hundred thousand per total part based given using used use like get got make made take taken see seen known show shows`},
	{cueNotName, None, `patient patients english spanish french german american african asian hispanic latino latina caucasian white black european chinese japanese korean indian mexican italian russian arabic hindi portuguese canadian british irish dutch greek jewish muslim christian catholic hindu buddhist
		medicare medicaid medicine cardiology neurology oncology psychiatry psychology therapy history physical examination review systems assessment plan chief complaint present illness social family past surgical medications allergies vitals results labs laboratory
		internet web email phone address name date birth ssn mrn dob icd cpt loinc snomed rx id url http https www api json xml csv html pdf fhir hl7 hipaa phi covid sars hiv aids hpv hbv hcv copd ckd chf cad mi afib gerd ibs ptsd adhd ocd mdd gad sle ra ms als dvt pe uti
		mri ct pet ecg ekg eeg cbc bmp cmp tsh ast alt bun a1c hba1c ldl hdl bmi bp hr iv im po bid tid qid prn qhs
		google apple microsoft amazon facebook twitter instagram linkedin youtube netflix uber zoom slack visa mastercard discover paypal
		male female man woman boy girl adult infant baby children guidelines guideline management treatment recommendations latest current recent best effective options therapy drug medication dose trial study studies evidence case report clinical medical health care
		north south east west northern southern eastern western central upper lower left right bilateral monday
		invoice order ticket account subject from sent received dear hello thanks regards re fwd cc attn note notes summary status type level grade stage phase section chapter table figure appendix page version question answer what how can could should does is are the any which when where who why
		type i ii iii iv vi vii viii ix xi xii vitamin hepatitis influenza class group category scale score index inventory questionnaire test exam scan grand total
		kindly please confirm contact call hereby whereas exhibit article plaintiff defendant court deposition witness counsel honor honorable state county city federal national united government agency bureau commission ministry association society foundation committee council board
		gmail yahoo outlook hotmail protonmail icloud windows linux android iphone ios mac macos chrome safari firefox python java javascript golang rust sql docker kubernetes aws azure redis kafka postgres
		telecom system code value reference resource bundle encounter observation condition procedure immunization careplan claim coverage organization location practitioner provider`},
	{cueMedical, None, `disease syndrome disorder scale inventory sign test score criteria criterion index palsy lymphoma sarcoma carcinoma tumor cell cells law reflex maneuver manoeuvre procedure operation method classification stage grade phenomenon thyroiditis esophagus dementia chorea anemia contracture fracture nodes node
		angina ataxia tremor encephalopathy degeneration stain virus questionnaire catheter tube line graft shunt staging position rash pneumonia agitation depression anxiety assessment therapy diet formula equation effect trial study association institute foundation ligament ring loop body bodies gland duct canal tract valve triad tetrad`},
	{cueEponym, None, `parkinson parkinsons alzheimer alzheimers hodgkin hodgkins crohn crohns cushing cushings graves hashimoto hashimotos beck hamilton wechsler rorschach asperger aspergers tourette tourettes huntington huntingtons addison addisons barrett barretts bell bells down downs turner turners klinefelter marfan raynaud raynauds sjogren sjogrens kaposi
		wilson wilsons whipple whipples wernicke korsakoff guillain barre munchausen stockholm likert braden glasgow epworth apgar montgomery asberg yale brown hoehn yahr kayser fleischer babinski romberg murphy mcburney homan tinel phalen lachman mcmurray hawkins neer spurling trendelenburg valsalva bartholin
		baker bakers colles dupuytren dupuytrens ehlers danlos epstein barr fallot foley french gleason gram heimlich hirschsprung horner jacksonian kegel kernig brudzinski legg calve perthes lewy lou gehrig lyme meniere menieres merkel osgood schlatter paget pagets peyronie pott prader willi angelman reiter reye rinne weber schwann stevens johnson still takayasu tay sachs
		von willebrand waldenstrom wegener wilms wolff zollinger ellison mallory weiss bouchard heberden nissen roux billroth whipple ivor heller ross hartmann bosniak child pugh killip wells ranson mmse moca framingham barthel katz lawton zung conners vanderbilt columbia maslach tanner snellen ishihara allen goldman swan ganz jackson pratt hickman kirschner steinmann
		mediterranean doppler holter papanicolaou pap tdap coombs schirmer mantoux schilling widal benedict sims trendelenburg fowler miller fisher lambert eaton charcot marie tooth duchenne becker friedreich creutzfeldt jakob pick sydenham kawasaki henoch schonlein goodpasture alport fanconi bartter gitelman liddle conn nelson sheehan kallmann noonan williams digeorge`},
	{cueSpeech, None, `said says stated states reported reports reporting denies denied endorses endorsed complains complained presented presents presenting asked asks told tells replied wrote writes called calls emailed texted lives lived works worked visited moved was is has had came went agreed added explained noted
		requested requests wants wanted needs received attended signed met feels felt returned arrived suffers underwent takes took shared discussed describes described mentioned testified claims admits confirmed submitted contacted scheduled cancelled canceled paid owes`},
	{cueSpeech, None, `shouted shouts yelled whispered began begins started tried loved loves likes hates hated thinks thought believes knows forgot remembers cried laughed smiled nodded sighed spent grew earned owns drank smokes prefers joined left ran sat stood walked opened became`},
	{cueTell, None, `told asked called calls gave given met married emailed texted contacted phoned thanked helped invited interviewed by starring says said named`},
	{cueSuffix, None, `jr sr ii iii iv md phd do rn np pa lcsw lmft lpc psyd dds esq dvm facp mph msw lmhc pharmd dnp cpa mba`},
	{cueParticle, None, `de van von der den del della delle dei degli dell di da do dos das la le les los las du des al el bin ibn ben ter ten af av zu y e san santa mac st bint abu ould nad pod pri na am im sur sous aux zum`},
	{cueCompany, None, `inc llc ltd corp corporation company co plc gmbh ag sa bv group holdings partners associates solutions systems technologies services industries enterprises bank insurance consulting labs llp limited sons brothers`},
	{cueDate, BirthDate, `born dob birthdate birthday birth birthdays nacimiento d.o.b`},
	{cueDate, None, `on since by until till before after dated date from through during admitted discharged seen visit visited appointment scheduled follow followup started ended expires expiry exp as due effective`},
	{cueUnit, None, `mg mcg g kg ml l dl mmol meq units unit iu cm mm m km in ft lb lbs oz bpm mmhg percent pct hours hour hrs hr minutes minute mins min days day weeks week months month years year yrs yr times x tabs tab tablets tablet capsules capsule pills pill puffs puff drops
		dollars usd eur cents points point doses dose grams milligrams pounds inches feet beats calories kcal cc degrees sessions session visits episodes patients people participants people percent k bytes kb mb gb ms seconds second sec items copies`},
	{cueNumeral, None, `ninety ninety-one hundred`},
	{cueHoliday, None, `christmas thanksgiving easter halloween hanukkah ramadan diwali juneteenth`},
}
