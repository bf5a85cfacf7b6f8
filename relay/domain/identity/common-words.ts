/**
 * What the most used passwords of the published lists are made of. Longer ones than twelve characters are these, put together and decorated, so that a few hundred
 * words stand for far more passwords than a list has. Words of plain sentences are few here: a sentence is a good password.
 */
export const COMMON_WORDS: readonly string[] = [
  // For passwords, accounts and computers.
  'password|passwords|passw|passwort|motdepasse|contrasena|contraseña|senha|haslo|parola|wachtwoord|kennwort|pass|pwd|pw|letmein|letmeinplease|welcome|willkommen|bienvenue',
  'administrator|administrador|admin|root|login|logmein|user|username|guest|test|testing|tester|changeme|changeit|default|secret|master|access|superuser|system|server|account',
  'computer|internet|samsung|google|microsoft|windows|facebook|linkedin|yahoo|hotmail|gmail|apple|iphone|android|nokia|sony|nintendo|playstation|minecraft|roblox|fortnite',
  'handhold|company|office|support|helpdesk|service|manager|security|temp|temporary|qwertyuiop|opensesame|sesame|unknown|nothing|blank|none|null',
  // Rows and columns of keyboards.
  'qwerty|qwertyu|qwertyui|qwertyuio|uio|qwertz|azerty|qwert|qwer|qwe|asdfghjkl|asdfghjk|asdfgh|asdfg|asdf|asd|zxcvbnm|zxcvbn|zxcvb|zxcv|zxc|yxcvbnm|uiop|rty|fgh|vbn|jkl|poiuytrewq|lkjhgfdsa|mnbvcxz',
  'qazwsx|qaz|wsx|edc|rfv|tgb|yhn|ujm|zaq|xsw|cde|vfr|bgt|nhy|mju|abc|abcd|abcde|abcdef|abcdefg|abcdefgh|xyz|aa|bb|cc|dd|xx|xxx|zz|zzz',
  // What people love.
  'hello|hallo|hola|bonjour|ciao|iloveyou|ilove|loveyou|love|lover|lovers|lovely|loveme|forever|somuch|baby|babygirl|babyboy|girl|angel|sweetie|sweetheart|honey|darling|kisses|teamo|tequiero',
  'jetaime|ichliebedich|schatz|ihateyou|hateyou|hate|fuckyou|fuckoff|fuck|asshole|bitch|sexy|sex|ficken|arschloch|jesus|jesuschrist|christ|lovesme|jesuslovesme|god|godislove|bless|blessed|heaven',
  'princess|princesa|sunshine|shadow|flower|butterfly|rainbow|chocolate|cookie|cookies|cheese|peanut|banana|orange|cherry|strawberry|watermelon|pumpkin|purple|silver|golden|diamond|crystal|soleil|estrella|zvezda|family|friends',
  'monkey|dragon|tiger|tigger|lion|panther|eagle|eagles|falcon|wolf|kitty|hellokitty|puppy|buster|ginger|pepper|maggie|bailey|dolphin|spider|scorpion|bulldog|mustang|ferrari|porsche|mercedes|corvette|harley|yamaha|honda|toyota',
  // What people play and watch.
  'football|fussball|futbol|soccer|baseball|basketball|volleyball|hockey|golf|tennis|cheerleader|skateboard|liverpool|liverpoolfc|chelsea|chelseafc|arsenal|manchester|united|manchesterunited|realmadrid|barcelona|juventus|flamengo|marseille|schalke|yankees|cowboys|lakers|steelers',
  'superman|batman|spiderman|ironman|starwars|startrek|pokemon|pikachu|naruto|dragonball|dragonballz|spongebob|squarepants|harrypotter|gandalf|matrix|merlin|phoenix|ninja|pirate|hunter|killer|ranger|rocket|thunder|lightning|blink|metallica|slipknot|eminem|nirvana',
  'trustno|trustnoone|whatever|thequickbrownfox|thequickbrownfoxjumps|maytheforcebewithyou|maythethbewithyou|tobeornottobe|correcthorsebatterystaple|freedom|lucky|money|power|magic|winner|champion|legend|genius|boss|king|queen|cool|cheer|happy|smile|music|dance|party',
  // Names, places, days.
  'michael|michelle|jordan|charlie|daniel|daniela|thomas|matthew|joshua|andrew|andrea|robert|jennifer|jessica|ashley|nicole|amanda|samantha|elizabeth|anthony|william|alexander|alexandra|christopher|christian|stephanie|brandon|justin|jackson|george|martin|david|richard|patrick|donald',
  'sebastian|gabriel|fernando|alejandro|roberto|carlos|antonio|francesco|alessandro|marina|natasha|victoria|isabella|vanessa|melissa|rebecca|barbara|maria|jasmine|taylor|morgan|austin|tyler|buddy|max|sam|alex|jack|harry|oliver',
  'berlin|hamburg|london|paris|madrid|america|mexico|brasil|brazil|polska|deutschland|espana|italia|france|england|canada|australia|newyork|california|texas|dallas|chicago|boston',
  'summer|winter|spring|autumn|fall|sommer|herbst|january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday',
  // What holds them together.
  'the|my|is|this|a|i|me|and|you|it|please',
].flatMap(line => line.split('|'))

/** What is typed where a number is wanted: rows, columns and corners of the keys, pairs, and years. */
export const COMMON_DIGITS: readonly string[] = [
  '0123456789|1234567890|123456789|12345678|1234567|123456|12345|1234|123|987654321|87654321|7654321|654321|54321|4321|321|456|789|654|987',
  '147|258|369|741|852|963|159|753|357|951|2580|0852|010203|040506|070809|102030|405060|708090|112233|445566|778899|121212|131313|696969',
  '00|11|22|33|44|55|66|77|88|99|000|111|222|333|444|555|666|777|888|999|12|13|69|007',
  Array.from({ length: 80 }, (_, index) => 1950 + index).join('|'),
].flatMap(line => line.split('|'))
