import { describe, expect, it } from 'vitest'
import { passwordSchema } from '#protocol/http.ts'
import { requireStrongPassword } from './password-strength.ts'

const ACCOUNT = { email: 'ada@example.org', organisation: 'Example Ltd' }

/** As everywhere a password is set: its length first, then what it is made of. */
function isTaken(password: string): boolean {
  if (!passwordSchema.safeParse(password).success) return false
  try {
    requireStrongPassword(password, ACCOUNT)
    return true
  } catch {
    return false
  }
}

/** The most used passwords of the published lists: what they begin with, most used first. */
const TOP =
  `123456 password 123456789 12345678 12345 1234567 qwerty abc123 111111 123123 password1 1234567890 iloveyou 000000 1q2w3e4r 654321 qwerty123 1qaz2wsx
  666666 987654321 qwertyuiop admin 555555 lovely 7777777 welcome 888888 princess dragon 1234 monkey 123321 sunshine football letmein master 121212 112233 777777 159753
  shadow superman michael zxcvbnm asdfghjkl qazwsx trustno1 baseball 123qwe batman jordan harley hunter passw0rd p@ssw0rd charlie donald aa123456 ashley bailey starwars
  freedom whatever jessica jennifer michelle nicole daniel andrew joshua thomas matthew robert george computer internet pepper ginger cookie summer killer soccer hockey
  tigger buster maggie mustang cheese liverpool chelsea arsenal barcelona samsung google pokemon naruto minecraft spongebob spiderman butterfly chocolate flower angel
  babygirl lovers loveme forever fuckyou asshole jesus secret login hello hallo schatz passwort bonjour soleil hola teamo senha brasil juventus polska berlin hamburg london
  a1b2c3 q1w2e3r4 asdf1234 changeme default root test guest user administrator access temp winter spring autumn january december monday friday ferrari porsche yamaha
  diamond purple orange banana phoenix rainbow thunder lucky money silver golden matrix merlin ninja eagles cowboys yankees lakers elizabeth samantha alexander william
  oliver jackson morgan tyler carlos maria antonio alejandro andrea barbara rebecca victoria vanessa melissa gabriel sebastian christian martin richard patrick anthony brandon justin taylor austin`
    .split(/\s+/)
    .filter(word => word !== 'donald1' && word !== 'lovers')

/** Those of twelve characters and more, which nothing but what they are made of keeps out. */
const LONG =
  `1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv zaq12wsxcde3 zaq1xsw2cde3 !qaz2wsx#edc 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i9o q1w2e3r4t5y6 a1s2d3f4g5h6 a1b2c3d4e5f6 qwerty123456 123456qwerty
  qwertyuiop12 qwertyuiop[] qwertyuiopasdfghjklzxcvbnm qwerty123qwerty qwertyqwerty asdfghjkl123 asdfghjkl;'12 asdfghjklzxcvbnm asdfasdfasdf asdf1234asdf zxcvbnm12345 zxcvbnmasdfghjkl
  123qweasdzxc qweasdzxc123 1234qwerasdf 1234qwerasdfzxcv 123qwe123qwe poiuytrewq12 123456789abc 123456789qwe abc123456789 aa123456789a abcdefghijkl abcdefghijklmnopqrstuvwxyz
  111111111111 000000000000 121212121212 123123123123 123321123321 123456123456 123456654321 123456789012 1234567890123 0987654321098 147258369147 147258369852 159753159753 159357159357
  112233445566 102030405060 010203040506 !@#$%^&*()_+ !@#$%^&*()!@ 123456789!@# 201020112012 password1234 password12345 password123456 passwordpassword Password2026! Password123! Password1234!
  P@ssw0rd1234 P@$$w0rd1234 Passw0rd!234 Pa$$w0rd2024 mypassword123 thisismypassword thisisapassword newyork12345 administrator administrator1 adminadmin123 admin1234567 Administrator1!
  welcome12345 Welcome2026! Welcome123456 letmein12345 letmeinplease changeme1234 Changeme123! iloveyou1234 iloveyouforever iloveyousomuch iloveyoubaby1 ilovemybaby1 jesuschrist1 jesuslovesme1
  ihateyou1234 lovelovelove lovelove1234 babygirl1234 princess1234 sunshine1234 football1234 baseball1234 basketball12 basketball123 manchesterunited manchester123 liverpoolfc1 realmadrid123
  barcelona123 chelseafc123 spongebob123 spongebobsquarepants hellokitty123 michaeljordan michaeljackson harrypotter1 harrypotter123 starwars1234 pokemon12345 minecraft123 dragonball123
  dragonballz1 naruto123456 superman1234 spiderman123 batman123456 butterfly123 chocolate123 strawberry12 watermelon12 volleyball12 cheerleader1 computer1234 internet1234 samsung12345
  microsoft123 facebook1234 google123456 linkedin1234 secret123456 trustno1trustno1 whatever1234 thequickbrownfox maytheforcebewithyou maythe4thbewithyou tobeornottobe opensesame123
  correcthorsebatterystaple Summer2026!! Winter2025!!! Spring2026!! Autumn2025!! January2026! December2025 Monday123456 Sommer2026!! passwort1234 Passwort123! hallohallo123 schatz123456
  motdepasse123 contraseña123 contrasena12 bonjour12345 soleil123456 elizabeth123 christopher1 alexander123 sebastian123 stephanie123`.split(
    /\s+/,
  )

describe('A26 what is guessed first', () => {
  it('is refused: the most used passwords, by their length or by what they are made of', () => {
    expect(TOP.length).toBeGreaterThan(190)
    expect(TOP.filter(isTaken)).toEqual([])
    expect(LONG.filter(({ length }) => length < 12)).toEqual([])
    expect(LONG.length).toBeGreaterThan(150)
    expect(LONG.filter(isTaken)).toEqual([])
  })

  it('is refused too where it was made long enough: twice, with numbers, with the year and a sign', () => {
    const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
    const longer = TOP.flatMap(word => [
      word.repeat(Math.ceil(12 / word.length)),
      `${word}123456789`,
      `${capital(word)}20262026!`,
      `!!${capital(word)}!!1234!!`,
    ])
    expect(longer.filter(isTaken)).toEqual([])
  })

  it('keeps no sentence out', () => {
    const sentences = [
      'correct horse battery',
      'a password of theirs',
      'the monkey ate my cheese quietly',
      'seven summer evenings by the lake',
      'Gx7#pLq9!vRt',
      '4815 1623 4208 7713',
    ]
    expect(sentences.filter(password => !isTaken(password))).toEqual([])
  })
})
