"""What the columns of a planner's files may be called, and which row of a file names them.

HR systems and mentoring platforms call the same thing ``employee_id``, ``EmployeeNumber``,
``Personalnummer`` or ``Matricule``. Each text lists names that mean the column; where a file has
names from several texts, the earlier text wins (a department's name is better than its code) and the
other column is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from sim.organisation.roster.findings import CellError, quoted

__all__ = [
    "ROSTER_COLUMNS",
    "SCALED",
    "TIES_COLUMNS",
    "Headings",
    "Names",
    "find_columns",
    "known_names",
    "missing_columns",
    "plain",
    "stated_scale",
]

Names = Mapping[str, tuple[str, ...]]

ROSTER_COLUMNS: Names = {
    "employee_id": (
        "employee_id employee_number employee_no employee_code emp_id emp_no staff_id staff_number "
        "worker_id person_id personnel_number payroll_number associate_id assignment_number "
        "employee_reference eeid post_unique_reference personalnummer personal_nr mitarbeiternummer mitarbeiter_id mitarbeiter_nr "
        "matricule numero_matricule matricule_salarie identifiant_salarie numero_employe id_employe "
        "numero_de_empleado id_empleado codigo_de_empleado numero_empleado legajo "
        "personeelsnummer medewerkernummer medewerker_id werknemersnummer",
        "id user_id employee kennung identifiant identificador",
        "person_number global_id user_name user_sys_id",
    ),
    "level": (
        "level job_level management_level grade job_grade career_level pay_grade salary_grade "
        "employee_level seniority_level stufe karrierestufe hierarchieebene hierarchiestufe ebene "
        "fuhrungsebene niveau niveau_hierarchique echelon nivel nivel_jerarquico nivel_de_puesto "
        "functieniveau",
        "rank band job_band afc_band pay_band career_band grade_band position_level entgeltgruppe "
        "tarifgruppe besoldungsgruppe gehaltsband classification coefficient categoria_profesional "
        "grupo_profesional functieschaal salarisschaal schaal",
    ),
    "job_title": (
        "job_title job_titles title position position_titles position_title job_profile business_title role_title "
        "designation job_name job jobtitel stellenbezeichnung positionsbezeichnung stelle "
        "berufsbezeichnung intitule_du_poste intitule_poste poste emploi libelle_emploi puesto "
        "cargo puesto_de_trabajo titulo_del_puesto functie functietitel functienaam",
        "job_role",
    ),
    "department": (
        "department department_name dept dept_name abteilung abteilungsname departement service "
        "nom_du_service departamento nombre_del_departamento afdeling afdelingsnaam",
        "department_id department_code dept_id dept_code",
        "business_unit business_unit_name organisation_unit organization_unit org_unit "
        "supervisory_organization supervisory_organisation division directorate organisationseinheit "
        "geschaftsbereich bereich direction unite_organisationnelle unidad_organizativa "
        "unidad_de_negocio area organisatie_eenheid bedrijfsonderdeel",
        "job_function function practice unit unit_name team team_name functional_area department_type sector equipe equipo",
        "organisation organization profession cost_centre cost_center cost_centre_name "
        "kostenstelle centre_de_cout centro_de_coste kostenplaats",
    ),
    "manager_id": (
        "manager_id supervisor_id manager_employee_id manager_number manager_emp_id "
        "line_manager_id reporting_manager_id reports_to_id boss_id manager_employee_number "
        "manager_person_number supervisor_employee_id vorgesetzter_id vorgesetztennummer "
        "personalnummer_vorgesetzter matricule_manager matricule_responsable id_manager "
        "id_responsable id_supervisor id_jefe manager_personeelsnummer leidinggevende_id",
        "manager supervisor reports_to_senior_post line_manager reporting_manager reports_to reporting_to direct_manager "
        "current_manager vorgesetzter vorgesetzte fuhrungskraft disziplinarischer_"
        "vorgesetzter responsable superieur superieur_hierarchique responsable_hierarchique n_1 jefe "
        "jefe_directo superior supervisor_directo leidinggevende direct_leidinggevende",
    ),
    "manager_email": (
        "manager_email line_manager_email supervisor_email manager_email_address manager_mail",
    ),
    "manager_name": (
        "manager_name managers_name line_manager_name supervisor_name reporting_manager_name "
        "manager_full_name name_vorgesetzter nom_du_manager nom_responsable nombre_del_jefe "
        "naam_leidinggevende",
    ),
    "site": (
        "site site_name office office_name location work_location workplace standort arbeitsort "
        "dienstort niederlassung lieu_de_travail lieu etablissement bureau localisation sede centro "
        "centro_de_trabajo oficina ubicacion lugar_de_trabajo vestiging standplaats locatie "
        "werklocatie kantoor location_name office_location branch campus",
        "city stadt ville ciudad stad",
        "country land pays pais",
    ),
    "work_mode": (
        "work_mode work_arrangement work_model workplace_type arbeitsmodell mode_de_travail "
        "modalidad_de_trabajo modalidad werkvorm",
    ),
    "remote": (
        "remote is_remote remote_worker works_remotely telework teleworker telearbeit homeoffice "
        "teletravail teletrabajo thuiswerker",
    ),
    "age": ("age age_years age_in_years current_age alter lebensalter edad leeftijd",),
    "birth_year": (
        "birth_year year_of_birth geburtsjahr annee_de_naissance ano_de_nacimiento geboortejaar",
        "birth_date date_of_birth dob birthday geburtsdatum geburtstag date_de_naissance "
        "naissance fecha_de_nacimiento nacimiento geboortedatum",
    ),
    "age_band": (
        "age_band age_group age_range age_bracket altersgruppe tranche_d_age rango_de_edad "
        "grupo_de_edad leeftijdsgroep leeftijdscategorie",
    ),
    "generation": ("generation generation_name generacion generatie",),
    "hire_date": (
        "hire_date last_hire_date date_of_hire date_hired hired_on joining_date join_date "
        "date_of_joining employment_start_date continuous_service_date service_date latest_start_date "
        "seniority_start_date eintrittsdatum eintritt einstellungsdatum eintritt_am date_d_embauche "
        "date_embauche date_d_entree date_entree date_d_arrivee fecha_de_ingreso "
        "fecha_de_contratacion fecha_de_alta fecha_ingreso fecha_de_incorporacion "
        "datum_in_dienst in_dienst indiensttreding datum_indiensttreding",
        "start_date started employment_start startdatum startdatum_dienstverband date_de_debut fecha_de_inicio",
        "original_hire_date orig_hire_date first_hire_date",
    ),
    "tenure_months": (
        "tenure_months tenure_in_months months_at_company months_of_service "
        "betriebszugehorigkeit_monate anciennete_mois antiguedad_meses dienstmaanden",
    ),
    "tenure_years": (
        "tenure_years tenure_in_years length_of_service_in_years time_spend_company "
        "length_of_service_in_years_including_partial_year years_at_company years_of_service years_with_company "
        "seniority_years length_of_service_years betriebszugehorigkeit_jahre dienstjahre "
        "anciennete_annees antiguedad_anos dienstjaren",
    ),
    "last_promotion_date": (
        "last_promotion_date date_of_last_promotion promotion_date last_promoted date_of_seniority "
        "seniority_date date_in_job date_in_position position_start_date job_start_date "
        "letzte_beforderung date_derniere_promotion fecha_ultima_promocion laatste_promotie",
    ),
    "months_since_promotion": ("months_since_promotion months_since_last_promotion",),
    "years_since_promotion": ("years_since_promotion years_since_last_promotion",),
    "engagement": (
        "engagement engagement_score engagement_index employee_engagement engagement_survey "
        "engagement_survey_score e_nps e_nps_score engagementwert "
        "score_d_engagement compromiso nivel_de_compromiso betrokkenheid bevlogenheid",
        "satisfaction_score employee_satisfaction emp_satisfaction zufriedenheit",
    ),
    "role": (
        "mentoring_role mentoring_type programme_role program_role mentor_or_mentee "
        "mentor_mentee participant_type participation_type rolle_im_programm mentoring_rolle "
        "role_de_mentorat rol_de_mentoria mentorrol",
        "role rolle rol",
    ),
    "is_mentor": ("is_mentor is_mentor_y_n mentor mentor_y_n willing_to_mentor",),
    "is_mentee": ("is_mentee is_mentee_y_n mentee mentee_y_n wants_a_mentor",),
    "both_roles": ("both_mentor_and_mentee both_mentee_and_mentor both_roles",),
    "capacity": (
        "capacity mentor_capacity maximum_mentees max_mentees maximum_number_of_mentees "
        "max_number_of_mentees number_of_mentees mentee_limit connection_limit kapazitat capacite "
        "capacidad capaciteit maximale_anzahl_mentees",
    ),
    "skills_have": ("skills_have skills_had skills_offered can_teach",),
    "skills_want": ("skills_want skills_wanted skills_needed wants_to_learn",),
    "exclude_ids": (
        "exclude_ids excluded_ids exclude do_not_pair_with never_pair_with do_not_match blocked_ids",
    ),
    "past_partner_ids": (
        "past_partner_ids past_partners previous_partners past_matches past_mentors previous_matches",
    ),
    "must_pair_with": (
        "must_pair_with must_pair_ids fixed_partner_ids fixed_partner required_partner "
        "pre_assigned_mentor pre_matched_with",
    ),
    "record_date": (
        "record_date snapshot_date as_of_date as_at_date report_date reporting_date cutoff_date "
        "effective_as_of stichtag date_d_extraction date_d_arrete fecha_de_corte peildatum",
    ),
    "record_year": ("status_year snapshot_year reporting_year record_year",),
    "status": (
        "status employee_status employee_status_code employment_status worker_status user_status "
        "emp_status account_status beschaftigungsstatus mitarbeiterstatus statut statut_salarie "
        "statut_du_salarie estado situacion estatus estado_laboral medewerkerstatus dienststatus",
    ),
    "active": ("is_active active active_status active_employee currently_employed aktiv actif activo actief",),
    "gone": (
        "attrition left is_terminated terminated termd has_left left_company inactive leaver turnover "
        "ausgeschieden sorti baja uit_dienst",
    ),
    "employment_type": (
        "employment_type employee_type worker_type contract_type employment_class employee_class "
        "worker_category person_type employee_category staff_type type_of_employment "
        "beschaftigungsart vertragsart mitarbeitertyp anstellungsart type_de_contrat contrat "
        "nature_du_contrat tipo_de_contrato contrato tipo_de_empleadosoort_contract "
        "dienstverband",
    ),
    "termination_date": (
        "termination_date term_date date_of_termination last_working_date leaving_date exit_date employment_end_date end_date "
        "last_day last_day_of_work last_working_day date_of_leaving leave_date separation_date "
        "resignation_date austrittsdatum austritt austritt_am vertragsende date_de_sortie "
        "date_sortie date_de_depart date_de_fin fecha_de_baja fecha_de_salida fecha_de_cese "
        "fecha_de_terminacion datum_uit_dienst uitdiensttreding einddatum",
    ),
    "leaving_reason": (
        "termination_reason leaving_reason reason_for_leaving term_reason exit_reason "
        "separation_reason termination_type separation_type attrition_type turnover_type "
        "austrittsgrund motif_de_sortie motif_de_depart motivo_de_baja motivo_de_salida "
        "reden_uitdienst reden_van_vertrek",
    ),
    "pay": (
        "annual_salary yearly_salary salary_annual base_salary_annual annual_base_salary annual_pay "
        "annual_base_pay annual_income yearly_pay annualised_salary annualized_salary jahresgehalt "
        "jahresbruttogehalt bruttojahresgehalt salaire_annuel salaire_annuel_brut salario_anual "
        "salario_bruto_anual jaarsalaris bruto_jaarsalaris",
        "salary base_salary basic_salary gross_salary current_salary base_pay pay compensation remuneration "
        "total_compensation full_time_salary fte_salary salary_usd salary_eur salary_gbp gehalt grundgehalt "
        "bruttogehalt lohn salaire salaire_brut salaire_de_base remuneration_brute salario salario_bruto "
        "salario_base sueldo salaris bruto_salaris loon",
        "monthly_salary monthly_income monthly_pay salary_monthly salary_per_month basic_monthly_salary "
        "monatsgehalt bruttomonatsgehalt salaire_mensuel salaire_mensuel_brut salario_mensual maandsalaris "
        "bruto_maandsalaris",
        "pay_rate hourly_pay hourly_wage hourly_salary salary_hourly stundenlohn salaire_horaire salario_hora "
        "uurloon",
    ),
    "pay_currency": (
        "currency salary_currency pay_currency currency_code salary_currency_code wahrung devise "
        "monnaie moneda divisa valuta",
    ),
    "name": (
        "full_name employee_name name display_name preferred_name legal_name worker "
        "vollstandiger_name mitarbeiter mitarbeitername nom_complet nom_et_prenom nom_prenom "
        "nombre_completo nombre_y_apellidos apellidos_y_nombre volledige_naam naam medewerker "
        "person_name participant_name",
    ),
    "first_name": (
        "first_name given_name forename legal_first_name preferred_first_name vorname prenom "
        "nombre nombres voornaam",
    ),
    "last_name": (
        "last_name surname family_name legal_last_name nachname familienname nom "
        "nom_de_famille apellido apellidos achternaam",
    ),
    "email": (
        "email ad_email email_address work_email mail business_email "
        "business_email_address primary_work_email company_email emailadresse "
        "adresse_e_mail courriel correo_electronico correo e_mailadres",
    ),
}  # fmt: skip
"""Columns of a roster by our name; names in English, German, French, Spanish and Dutch, accents left
out. The last four are read to find managers who are given by name, and then forgotten."""

TIES_COLUMNS: Names = {
    "source": ("source source_id from from_id",),
    "target": ("target target_id to to_id",),
}

SCALED = ("engagement", "skills_have", "skills_want", "survey")
"""Columns whose heading may state their scale, as in ``engagement_score_1_5``."""

_OF_WHOM = re.compile(
    r"^(?:employee|employees|worker|staff|person|user|participant|current|primary|main|job|employment"
    r"|job information|mitarbeiter|salarie|empleado|medewerker)[\s_.:\-]+(.+)$"
)
_MARKS = re.compile(
    r"[*†‡]+|[(\[]\s*(?:required|optional|mandatory|pflichtfeld|obligatoire|obligatorio|verplicht"
    r"|facultatif|opcional|optioneel|yyyy-mm-dd|dd/mm/yyyy|mm/dd/yyyy|dd\.mm\.yyyy|iso)\s*[)\]]",
    re.IGNORECASE,
)


_PAY_END = re.compile(
    r"[\s_]*[(\[,/]?\s*(?:in[\s_]+)?(?:[A-Z]{3}|[€$£]|euro?s?|gross|brutto|brut|bruto|annual(?:ly)?|yearly"
    r"|monthly|hourly|(?:per|pro|par|por)[\s_]+(?:year|month|hour|jahr|monat|an|mois|mes)|year|month|hour"
    r"|jahrlich|jährlich|monatlich|mensuel|mensual|p\.?a\.?)\s*[)\]]?$"
)
"""What may stand behind the name of a column of pay: a currency, a period."""


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Return `text` in small letters, without accents and with letters and digits alone."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if character.isalnum())


def stated_scale(heading: str) -> tuple[str, tuple[float, float] | None]:
    """Split a scale from the end of a heading: ``engagement_1_5`` -> ``engagement``, (1, 5)."""
    found = re.fullmatch(
        r"(.*?[^\W\d_])[\s_(\[-]+(\d{1,3})[\s_-]+(?:to[\s_-]+)?(\d{1,3})[)\]]?", heading
    )
    if found and int(found[2]) < int(found[3]):
        return found[1], (float(found[2]), float(found[3]))
    return heading, None


def known_names(names: Names) -> Mapping[str, tuple[str, int]]:
    """Column and rank of every name, by the name as :func:`plain` makes it; the first meaning counts."""
    return _known(tuple(names.items()))


@lru_cache(maxsize=8)
def _known(names: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for column, ranks in names:
        for rank, text in enumerate(ranks):
            for name in text.split():
                known.setdefault(plain(name), (column, rank))
    return known


_SHORT = {
    "emp": "employee", "mgr": "manager", "dept": "department", "dt": "date", "orig": "original", "term": "termination",
    "num": "number", "nbr": "number", "yrs": "years", "termreason": "termination reason",
    "termtype": "termination type", "birthdate": "birth date", "hiredate": "hire date", "termdate": "termination date",
    "orighiredate": "original hire date", "terminationdate": "termination date", "recorddate": "record date",
}  # fmt: skip
_TAILS = ("key", "desc", "description", "text", "txt")


def _spelt_out(heading: str) -> str:
    """A heading with its usual short words spelt out, without ``'s``, and without what marks a key or a label."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading.replace("\u2019", "'")).casefold()
    words = re.split(r"[^\w]+|_", re.sub(r"'s\b", "", spaced))
    words = [word for word in words if word]
    while len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    text = " ".join(_SHORT.get(word, word) for word in words)
    owner = _OF_WHOM.match(text)
    return owner[1] if owner and owner[1] in ("manager", "supervisor", "age") else text


def _meaning(heading: str, known: Mapping[str, tuple[str, int]]) -> tuple[str, int, int] | None:
    """Column, rank and how far it is from the column's own name; None if the heading is not known."""
    text = " ".join(_MARKS.sub(" ", heading).split())
    tail = re.split(r"[:>/|]", text)[-1] if re.search(r"[:>|]", text) else ""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    owner = _OF_WHOM.match(spaced)
    base, scale = stated_scale(text)
    amount = _PAY_END.sub("", _PAY_END.sub("", text))
    bare = re.sub(
        r"\s*[(\[][^()\[\]]*[)\]]$", "", text
    )  # what stands in brackets at the end explains
    rest = (bare, _spelt_out(text))
    for candidate in filter(None, (text, tail, owner and owner[1], scale and base, amount, *rest)):
        found = known.get(plain(candidate))
        if candidate is amount and candidate != text and found and found[0] != "pay":
            continue
        if found and (candidate is not base or candidate == text or found[0] in SCALED):
            own = 0 if text == found[0] else 1 if plain(text) == plain(found[0]) else 2
            return (*found, own)
    return None


@dataclass(frozen=True, slots=True)
class Headings:
    """Which column of a file is which.

    Attributes
    ----------
    positions
        Position in the file of each known column.
    left_out
        Positions that are not read.
    doubled
        Columns that several headings of equal standing mean: the one taken, and the others.
    """

    positions: Mapping[str, int]
    left_out: tuple[int, ...]
    doubled: Mapping[str, tuple[int, tuple[int, ...]]]


def find_columns(headings: Sequence[str], names: Names) -> Headings:
    """Return the position of each column that `headings` names.

    Of two headings that mean the same column, the one that bears its very name is taken, else the one
    that stands first.
    """
    known = known_names(names)
    found: dict[str, list[tuple[int, int, int]]] = {}
    for position, heading in enumerate(headings):
        meaning = _meaning(heading, known) if heading else None
        if meaning:
            column, rank, own = meaning
            found.setdefault(column, []).append((rank, own, position))
    positions, doubled = {}, {}
    for column in names:
        if column not in found:
            continue
        best = sorted(found[column])
        positions[column] = best[0][2]
        equal = tuple(position for rank, _, position in best[1:] if rank == best[0][0])
        if equal:
            doubled[column] = (best[0][2], equal)
    used = set(positions.values())
    others = tuple(position for position in range(len(headings)) if position not in used)
    return Headings(positions, others, doubled)


def missing_columns(missing: Iterable[str], headings: Sequence[str], names: Names) -> CellError:
    """Say which columns are missing, by what names they would be known, and what there is."""
    missing = tuple(missing)
    shown = ", ".join(quoted(heading) for heading in headings[:12])
    more = f" and {len(headings) - 12} more" if len(headings) > 12 else ""
    known = {plain(name): name for column in missing for name in " ".join(names[column]).split()}
    near = [
        f"{quoted(heading)} looks like {known[match]}"
        for heading in headings[:100]
        for match in get_close_matches(plain(heading)[:60], known, 1, 0.8)
    ]
    others = "; ".join(
        f"{column} may also be called {', '.join(names[column][0].split()[1:4])}"
        for column in missing
    )
    remedy = f"the first row must name the columns; {others}; found: {shown}{more}"
    problem = f"there is no column {' and no column '.join(missing)}"
    return CellError(problem, "; ".join([remedy, *near[:3]]))
