"""Words that cells hold: nothing at all, yes and no, states of employment, ladders of ranks, months.

Keys are as :func:`~sim.organisation.roster.headings.plain` makes them: small letters, no accents, no
blanks. Words in English, German, French, Spanish and Dutch.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.organisation.roster.headings import plain

__all__ = [
    "ACTIVE", "CONTRACTOR", "EMPTY", "EMPTY_SIGNS", "GENERATION_WORDS", "LADDERS",
    "LEFT", "LEVEL_WORDS", "MONTH_NAMES", "NO_DATES", "ON_LEAVE", "REASONS", "ROLES", "RUNGS",
    "STARTER", "STATUSES", "STATUS_PARTS", "TYPES", "UNKNOWN", "WORK_MODES", "YES_NO",
]  # fmt: skip


def _keys(text: str, value: int) -> dict[str, int]:
    return {plain(word): value for word in text.split(",") if word.strip()}


EMPTY = frozenset(
    plain(word)
    for word in ["n/a", "no manager", "no_manager", "no hr", "no supervisor", "not applicable", "not available", "not known", "unknown", "null", "nil", "nan", "none", "tbc", "tbd", "to be confirmed", "to be determined", "blank", "empty", "no data", "no value", "missing", "not set", "not specified", "unspecified", "undefined", "k.A.", "keine angabe", "unbekannt", "nicht bekannt", "nicht zutreffend", "leer", "offen", "n.v.t.", "niet van toepassing", "onbekend", "geen", "leeg", "s.o.", "sans objet", "non renseigne", "inconnu", "aucun", "vide", "s/d", "sin dato", "sin datos", "desconocido", "no aplica", "no disponible", "ninguno", "vacio", "nulo", "NaT", "XX", "XXX", "N/D", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"]
)  # fmt: skip
"""Words that stand in a cell where nothing is known. ``none`` is a word of its own for a role."""

EMPTY_SIGNS = frozenset(
    ("-", "--", "---", "\u2013", "\u2014", ".", "..", "...", "?", "??", "/", "_", "*", "\\N")
)

NO_DATES = frozenset(
    ("00000000", "0", "18991230", "18991231", "19000000", "19000101", "19010101", "99991231", "22001231",
     "20991231", "29991231", "47121231")
)  # fmt: skip
"""Days (year, month, day) that systems write where there is no date: zero, the first day of a
spreadsheet, the end of time. A date before 1902 or after 2099 is one as well."""

YES_NO = {
    **_keys("yes,y,true,t,1,x,ja,j,oui,o,vrai,si,s,verdadero,waar,sim,vero,verdadeiro", 1),
    **_keys("no,n,false,f,0,nein,non,faux,falso,nee,onwaar,nao", 0),
}

WORK_MODES = {
    **_keys("onsite,on-site,office,in office,in person,vor ort,prasenz,buro,sur site,presentiel,"
            "presencial,oficina,op kantoor,kantoor", 0),
    **_keys("hybrid,hybride,hibrido,flexible", 1),
    **_keys("remote,fully remote,home,home office,virtual,telework,wfh,work from home,mobil,"
            "distanciel,teletravail,a distance,teletrabajo,remoto,thuis,op afstand", 2),
}  # fmt: skip
ROLES = {
    **_keys(
        "either,both,mentor and mentee,mentor or mentee,mentor mentee,mentee mentor,mentee and mentor,mentee or mentor,ambas,entrambi,alle beide,beides,les deux,ambos,beide",
        0,
    ),
    **_keys("mentor,mentors,mentorin,tuteur,mentora,a mentor,be a mentor,coach,tutor", 1),
    **_keys(
        "mentee,mentees,a mentee,be a mentee,protege,mentore,mentorado,mentorada,aprendiz,pupil,student,learner,coachee",
        2,
    ),
    **_keys("none,neither,disabled,keine,aucun,ninguno,geen,not participating", 3),
}

ACTIVE, ON_LEAVE, LEFT, STARTER, CONTRACTOR, UNKNOWN = range(6)
STATUSES = {
    **_keys("a,active,current,employed,working,in service,permanent,regular,probation,on probation,"
            "full time,part time,aktiv,beschaftigt,angestellt,probezeit,actif,active,en poste,present,"
            "en activite,titulaire,activo,activa,en activo,empleado,alta,vigente,actief,in dienst,"
            "werkzaam,active assignment,acting up,internal secondment,in forza,in servizio,attivo,attiva,ativo,ativa,em atividade,assunto,no ativo,onboarded,hired out,vast,confirmed,enabled,registered", ACTIVE),
    **_keys("l,leave,on leave,leave of absence,loa,paid leave,unpaid leave,maternity leave,maternity,"
            "paternity leave,parental leave,sick leave,long term sick,long-term sick,sabbatical,"
            "secondment,seconded,furlough,furloughed,suspended,absent,elternzeit,mutterschutz,"
            "beurlaubt,freigestellt,krank,langzeitkrank,conge,en conge,conge maternite,"
            "conge parental,arret maladie,arret de travail,disponibilite,de baja,baja medica,"
            "baja maternal,permiso,excedencia,vacaciones,met verlof,verlof,ziek,zwangerschapsverlof,"
            "career break,maternity and adoption,garden leave,gardening leave,notice period,on notice,under notice,serving notice,gekundigt zum,suspend no pay,in maternita,maternita,aspettativa,in aspettativa,malattia,congedo,sospeso,afastado,afastada,ferias,licenca,licenca maternidade,suspenso,baja por maternidad,baja por paternidad,baja por enfermedad,baja temporal,incapacidad,en permiso,arret,en arret,suspension du contrat,ouderschapsverlof", ON_LEAVE),
    **_keys("t,terminated,left,former,resigned,retired,dismissed,leaver,inactive,deceased,ex employee,"
            "separated,departed,exited,voluntarily terminated,involuntarily terminated,"
            "terminated for cause,redundant,made redundant,laid off,quit,ended,disabled,deactivated,"
            "inaktiv,ausgeschieden,gekundigt,ausgetreten,ehemalig,verrentet,pensioniert,inactif,sorti,"
            "parti,demissionne,licencie,retraite,radie,baja,inactivo,cesado,despedido,jubilado,"
            "ex empleado,uit dienst,inactief,vertrokken,ontslagen,gepensioneerd,unsubscribed,opted out,declined,archived,ceased,cessato,cessata,dimesso,dimessa,licenziato,licenziata,pensionato,pensionata,non attivo,inattivo,inattiva,desligado,desligada,demitido,demitida,inativo,inativa,aposentado,aposentada,rescindido,offboarded,alumni,exited employee,resigned employee,not employed,no longer employed,ex,withdrawn", LEFT),
    **_keys("future start,future hire,future starter,pre-hire,prehire,pre hire,pending,new starter,"
            "not started,not yet started,offer accepted,starter,onboarding,to be hired,pending hire,"
            "zukunftig,noch nicht begonnen,eintritt geplant,a venir,embauche prevue,futur,"
            "pendiente de alta,futura incorporacion,toekomstig,in assunzione,futura assunzione,em admissao,a admitir,nog niet in dienst", STARTER),
    **_keys("contractor,contingent,contingent worker,agency,agency worker,external,freelance,"
            "freelancer,consultant external,temp,temporary agency,third party,vendor,extern,externe,"
            "externer,zeitarbeit,leiharbeiter,freiberufler,prestataire,interimaire,independant,"
            "externo,autonomo,subcontratado,ett,ingehuurd,uitzendkracht,inhuur,partita iva,consulente,collaboratore,somministrato,terceirizado,terceiro,prestador,pj,externer mitarbeiter,externe mitarbeiter,oproepkracht extern,zzp,zzper", CONTRACTOR),
}  # fmt: skip
STATUS_PARTS: tuple[tuple[str, int], ...] = tuple(
    (plain(part), code)
    for code, parts in (
        (LEFT, "terminat,resign,retire,dismiss,leaver,redundan,laid off,separated,deceased,"
               "ceased,dimess,cessat,desligad,demitid,offboard,ausgeschied,gekundigt,uit dienst,licenci,demission,despid"),
        (ON_LEAVE, "leave,maternity,maternidad,paternidad,maternit,suspend,career break,aspettativa,afastad,paternity,parental,sabbatical,secondment,furlough,elternzeit,"
                   "conge,verlof,excedencia"),
        (STARTER, "future,pre-hire,not yet,prehire"),
        (CONTRACTOR, "contractor,contingent,agency,freelanc,external"),
        (ACTIVE, "active,employed,aktiv"),
    )
    for part in parts.split(",")
)  # fmt: skip
"""Parts of words that tell the state where the whole text is not known; the first that fits counts."""

TYPES = {
    **{word: code for word, code in STATUSES.items() if code == CONTRACTOR},
    **_keys("contract,self employed,self-employed,outsourced,agency staff,bank,locum,supplier,partner "
            "staff,offshore vendor,consulting,werkvertrag,arbeitnehmeruberlassung,interim,mission,"
            "prestation,temporal ett,uitzend,gedetacheerd", CONTRACTOR),
}  # fmt: skip
"""Kinds of contract of people who are not on the staff; every other kind is."""

VOLUNTARY, INVOLUNTARY, RETIRED = range(3)
REASONS: tuple[tuple[str, int], ...] = tuple(
    (plain(part), code)
    for code, parts in (
        (RETIRED, "retire,retirement,ruhestand,altersrente,retraite,jubila,deceas,death,verstorben"),
        (INVOLUNTARY, "involuntar,dismiss,redundan,layoff,laid off,for cause,fired,performance,gross misconduct,"
                      "attendance,no-call,policy,fatal,end of contract,contract end,fixed term,befrist,"
                      "arbeitgeber,betriebsbedingt,licenciement,fin de cdd,fin de contrat,despido,fin de "
                      "contrato,ontslag door,einde contract,failed,learned that he is a gangster"),
        (VOLUNTARY, "voluntar,resign,quit,another position,career change,better,more money,unhappy,hours,"
                    "return to school,relocat,moving,personal,family,military,maternity,new job,other job,"
                    "eigenkundigung,arbeitnehmer,demission,renuncia,dimision,opzegging,ontslagname"),
    )
    for part in parts.split(",")
)  # fmt: skip
"""Parts of words that tell why somebody left; the first that fits counts."""

LEVEL_WORDS: tuple[str, ...] = (
    "intern, trainee, apprentice, praktikant, auszubildende, stagiaire, alternant, becario, aprendiz, stagiair, tirocinante, apprendista, estagiario, auxiliar, auxiliaire, werkstudent",
    "entry, entry level, junior, assistant, analyst, graduate, berufseinsteiger, debutant, starter, assistente, assistant level",
    "associate, staff, professional, specialist, consultant, individual contributor, mid level, mid, "
    "mitarbeiter, fachkraft, sachbearbeiter, employe, employee, empleado, medewerker, technician, intermediate, mid career, mid senior, tecnico, impiegato, pleno, analista, empleado tecnico",
    "senior, senior associate, senior professional, senior specialist, senior consultant, experienced, "
    "confirme, sr, senior level, impiegato direttivo",
    "lead, team lead, team leader, supervisor, principal, teamleiter, gruppenleiter, chef d equipe, jefe de equipo, "
    "teamleider, agent de maitrise, coordinator, expert, mando intermedio, mando, mandos intermedios, capo reparto, coordenador, encargado, capo turno",
    "manager, middle management, middle manager, abteilungsleiter, cadre, gerente, jefe, leidinggevende, "
    "responsable, responsabile, quadro, gestor, people manager, management",
    "senior manager, cadre superieur",
    "director, head, counsel, department head, head of department, bereichsleiter, directeur, jefe de "
    "departamento, afdelingshoofd, direttore, diretor, head of",
    "senior director, hauptabteilungsleiter",
    "vice president, vp, partner, junior partner, associate vice president, avp",
    "senior vice president, svp, executive vice president, evp, senior partner",
    "executive, c level, c suite, chief executive officer, ceo, president, managing partner, "
    "geschaftsfuhrer, vorstand, directeur general, dirigeant, director general, directie, managing director, "
    "cadre dirigeant, dirigente, directivo, direccion, direction, alta direccion, direttore generale, amministratore delegato, "
    "presidente, executive leadership, leadership team, senior leadership, top management",
)  # fmt: skip
"""Ladder of level words, lowest first; words in one text stand on the same rung."""
RUNGS = {plain(word): rung for rung, line in enumerate(LEVEL_WORDS) for word in line.split(",")}

LADDERS: Mapping[str, tuple[str, ...]] = {
    "bands of the NHS (Agenda for Change)": (
        "band 1", "band 2", "band 3", "band 4", "band 5", "band 6", "band 7", "band 8", "band 8a",
        "band 8b", "band 8c", "band 8d", "band 9", "very senior manager", "vsm",
    ),
    "grades of the British civil service": (
        "aa, administrative assistant", "ao, administrative officer", "eo, executive officer",
        "heo, higher executive officer", "seo, senior executive officer", "grade 7, g7",
        "grade 6, g6", "scs1, scs 1, scs pay band 1, scs, scs1a", "scs2, scs 2, scs pay band 2",
        "scs3, scs 3, scs pay band 3", "scs4, scs 4, permanent secretary",
    ),
    "Italian categories": (
        "apprendista", "operaio", "intermedio", "impiegato", "impiegato direttivo", "quadro", "dirigente",
    ),
    "French categories": (
        "ouvrier", "employe", "technicien", "agent de maitrise, etam", "cadre", "cadre superieur",
        "cadre dirigeant",
    ),
}  # fmt: skip
"""Known ladders of grades, lowest first; one is taken where all levels of a file stand on it."""

MONTH_NAMES: Mapping[str, int] = {
    plain(word): number
    for number, words in enumerate(
        (
            "jan,january,januar,janner,janvier,janv,enero,ene,januari,gennaio,gen,janeiro",
            "feb,february,februar,fevrier,fevr,fev,febrero,februari,febbraio,fevereiro",
            "mar,march,marz,mrz,maerz,mars,marzo,maart,mrt,marco",
            "apr,april,avril,avr,abril,abr,aprile",
            "may,mai,mayo,mei,maggio,mag,maio",
            "jun,june,juni,juin,junio,giugno,giu,junho",
            "jul,july,juli,juillet,juil,julio,luglio,lug,julho",
            "aug,august,aout,agosto,ago,augustus",
            "sep,sept,september,septembre,septiembre,setiembre,settembre,set,setembro",
            "oct,october,oktober,okt,octobre,octubre,ottobre,ott,outubro,out",
            "nov,november,novembre,noviembre,novembro",
            "dec,december,dezember,dez,decembre,diciembre,dic,dicembre,dezembro",
        ),
        1,
    )
    for word in words.split(",")
}

GENERATION_WORDS = {
    **dict.fromkeys(("boomer", "boomers", "babyboomer", "babyboomers"), "boomer"),
    **dict.fromkeys(("genx", "generationx", "x"), "gen_x"),
    **dict.fromkeys(("millennial", "millennials", "geny", "generationy", "y"), "millennial"),
    **dict.fromkeys(("genz", "generationz", "z"), "gen_z"),
}
