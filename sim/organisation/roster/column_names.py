"""What the columns of a planner's files may be called.

HR systems and mentoring platforms call the same thing ``employee_id``, ``EmployeeNumber``,
``Personalnummer`` or ``Matricule``. Each text lists names that mean the column; where a file has
names from several texts, the earlier text wins (a department's name is better than its code) and the
other column is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ROSTER_COLUMNS", "SCALED", "TIES_COLUMNS", "Names"]

Names = Mapping[str, tuple[str, ...]]

ROSTER_COLUMNS: Names = {
    "employee_id": (
        "employee_id code_salarie "
        "employee_number employee_no employee_code emp_id emp_no staff_id staff_number "
        "worker_id person_id personnel_number payroll_number associate_id assignment_number "
        "employee_reference eeid post_unique_reference personalnummer personal_nr mitarbeiternummer "
        "mitarbeiter_id mitarbeiter_nr matricule numero_matricule matricule_salarie "
        "identifiant_salarie numero_employe id_employe numero_de_empleado id_empleado "
        "codigo_de_empleado numero_empleado legajo personeelsnummer medewerkernummer medewerker_id "
        "werknemersnummer employee_nbr file_number staff_no member_id participant_id external_id "
        "pers_nr pernr matricola matricola_dipendente codice_dipendente matricula "
        "matricula_do_funcionario codigo_do_funcionario id_funcionario",
        "id user_id employee kennung identifiant identificador",
        "person_number global_id user_name user_sys_id",
    ),
    "level": (
        "level job_level management_level grade job_grade career_level pay_grade salary_grade "
        "employee_level seniority_level karrierestufe hierarchieebene hierarchiestufe ebene "
        "fuhrungsebene niveau niveau_hierarchique echelon nivel nivel_jerarquico nivel_de_puesto "
        "functieniveau grade_level level_name job_level_name livello livello_inquadramento "
        "inquadramento nivel_hierarquico nivel_do_cargo senioridade career_stage",
        "rank band job_band afc_band pay_band career_band grade_band position_level entgeltgruppe "
        "tarifgruppe besoldungsgruppe gehaltsband classification coefficient categoria_profesional "
        "grupo_profesional functieschaal salarisschaal schaal qualifica categoria "
        "categoria_contrattuale csp categorie_socioprofessionnelle categorie_professionnelle "
        "verguetungsgruppe vergutungsgruppe lohngruppe gehaltsgruppe trfgr pay_scale_group "
        "salary_band salarisgroep functiegroep",
        "stufe",
    ),
    "job_title": (
        "job_title amtsbezeichnung emploi_occupe "
        "job_titles title position position_titles position_title job_profile "
        "business_title role_title designation job_name job jobtitel stellenbezeichnung "
        "positionsbezeichnung stelle berufsbezeichnung intitule_du_poste intitule_poste poste emploi "
        "libelle_emploi puesto cargo puesto_de_trabajo titulo_del_puesto functie functietitel "
        "functienaam job_description title_description job_position job_position_name position_name "
        "mansione ruolo ruolo_aziendale posizione posizione_lavorativa funktion tatigkeit taetigkeit "
        "beruf plstx funcao fonction libelle_poste libelle_du_poste",
        "job_role",
    ),
    "department": (
        "department abt department_name dept dept_name abteilung abteilungsname departement service "
        "nom_du_service departamento nombre_del_departamento afdeling afdelingsnaam home_department "
        "home_department_name agency_name reparto dipartimento setor orgtx kst_bezeichnung "
        "kostenstellenbezeichnung kostenstellenbezeichner",
        "department_id department_code dept_id dept_code",
        "business_unit business_unit_name organisation_unit organization_unit org_unit "
        "supervisory_organization supervisory_organisation division directorate organisationseinheit "
        "geschaftsbereich bereich direction unite_organisationnelle unidad_organizativa "
        "unidad_de_negocio area organisatie_eenheid bedrijfsonderdeel org_einheit fachbereich "
        "organisatorische_eenheid direzione unita_organizzativa sub_unit gerencia faculty",
        "job_function function practice unit unit_name team team_name functional_area department_type "
        "sector equipe equipo",
        "organisation organization profession cost_centre cost_center cost_centre_name kostenstelle "
        "centre_de_cout centro_de_coste kostenplaats",
    ),
    "manager_id": (
        "manager_id supervisor_id manager_employee_id manager_number manager_emp_id line_manager_id "
        "reporting_manager_id reports_to_id boss_id manager_employee_number manager_person_number "
        "supervisor_employee_id vorgesetzter_id vorgesetztennummer personalnummer_vorgesetzter "
        "matricule_manager matricule_responsable id_manager id_responsable id_supervisor id_jefe "
        "manager_personeelsnummer leidinggevende_id manager_personalnummer "
        "personalnummer_fuhrungskraft line_manager_staff_id manager_staff_id supervisor_number "
        "matricola_responsabile id_responsabile matricula_gestor",
        "manager supervisor reports_to_senior_post line_manager reporting_manager reports_to "
        "reporting_to direct_manager current_manager vorgesetzter vorgesetzte fuhrungskraft "
        "disziplinarischer_vorgesetzter responsable superieur superieur_hierarchique "
        "responsable_hierarchique n_1 jefe jefe_directo superior supervisor_directo leidinggevende "
        "direct_leidinggevende immediate_supervisor immediate_manager direct_supervisor chef "
        "responsabile responsabile_diretto superiore gestor gestor_direto superior_imediato lider",
    ),
    "manager_email": (
        "manager_email line_manager_email supervisor_email manager_email_address manager_mail "
        "reports_to_email manager_work_email supervisor_work_email reporting_manager_email "
        "email_manager email_responsable",
    ),
    "manager_name": (
        "manager_name managers_name line_manager_name supervisor_name reporting_manager_name "
        "manager_full_name name_vorgesetzter nom_du_manager nom_responsable nombre_del_jefe "
        "naam_leidinggevende reports_to_name supervisor_full_name manager_display_name "
        "nome_responsabile nome_gestor nome_do_gestor",
    ),
    "site": (
        "site site_name office office_name location work_location workplace standort arbeitsort "
        "dienstort niederlassung lieu_de_travail lieu etablissement bureau localisation sede centro "
        "centro_de_trabajo oficina ubicacion lugar_de_trabajo vestiging standplaats locatie "
        "werklocatie kantoor location_name office_location branch campus filial filiale unidade "
        "luogo_di_lavoro sede_di_lavoro stabilimento local_de_trabalho dienststelle btrtx "
        "work_location_borough store_location store_name location_description duty_station",
        "city stadt ville ciudad stad citta cidade",
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
    "age": (
        "age age_years age_in_years current_age alter lebensalter edad leeftijd eta idade",
    ),
    "birth_year": (
        "birth_year year_of_birth geburtsjahr annee_de_naissance ano_de_nacimiento geboortejaar "
        "anno_di_nascita ano_de_nascimento",
        "birth_date date_of_birth dob geb_am geb_datum f_nacimiento f_nac date_naissance birthday geburtsdatum geburtstag date_de_naissance naissance "
        "fecha_de_nacimiento nacimiento geboortedatum data_di_nascita data_nascita data_de_nascimento",
    ),
    "age_band": (
        "age_band age_group age_range age_bracket altersgruppe tranche_d_age rango_de_edad "
        "grupo_de_edad leeftijdsgroep leeftijdscategorie",
    ),
    "generation": (
        "generation generation_name generacion generatie",
    ),
    "hire_date": (
        "hire_date last_hire_date date_of_hire date_hired hired_on joining_date join_date "
        "date_of_joining employment_start_date continuous_service_date service_date latest_start_date "
        "seniority_start_date eintrittsdatum eintritt einstellungsdatum eintritt_am date_d_embauche "
        "date_embauche date_d_entree date_entree date_d_arrivee fecha_de_ingreso "
        "fecha_de_contratacion fecha_de_alta fecha_ingreso fecha_de_incorporacion datum_in_dienst "
        "in_dienst indiensttreding datum_indiensttreding doj joined date_joined date_first_hired company_start_date "
        "agency_start_date adjusted_service_date beginn_tatigkeit beginn_taetigkeit begda "
        "data_assunzione data_di_assunzione data_inizio_rapporto data_admissao data_de_admissao "
        "fecha_de_inicio_del_contrato date_debut_contrat contract_start_date data_inizio "
        "data_de_inicio",
        "start_date started employment_start startdatum startdatum_dienstverband date_de_debut "
        "fecha_de_inicio",
        "original_hire_date orig_hire_date first_hire_date",
        "joining_year hire_year year_hired year_joined year_of_joining eintrittsjahr",
    ),
    "tenure_months": (
        "tenure_months tenure_in_months months_at_company months_of_service "
        "betriebszugehorigkeit_monate anciennete_mois antiguedad_meses dienstmaanden",
    ),
    "tenure_years": (
        "tenure_years tenure_in_years length_of_service_in_years time_spend_company "
        "length_of_service_in_years_including_partial_year years_at_company years_of_service "
        "years_with_company seniority_years length_of_service_years betriebszugehorigkeit_jahre "
        "dienstjahre anciennete_annees antiguedad_anos dienstjaren anni_di_servizio anos_de_casa",
    ),
    "last_promotion_date": (
        "last_promotion_date date_of_last_promotion promotion_date last_promoted date_of_seniority "
        "seniority_date date_in_job date_in_position position_start_date job_start_date "
        "letzte_beforderung date_derniere_promotion fecha_ultima_promocion laatste_promotie",
    ),
    "months_since_promotion": (
        "months_since_promotion months_since_last_promotion",
    ),
    "years_since_promotion": (
        "years_since_promotion years_since_last_promotion",
    ),
    "engagement": (
        "engagement engagement_score engagement_index employee_engagement engagement_survey "
        "engagement_survey_score e_nps e_nps_score engagementwert score_d_engagement compromiso "
        "nivel_de_compromiso betrokkenheid bevlogenheid",
        "satisfaction_score employee_satisfaction emp_satisfaction zufriedenheit",
    ),
    "role": (
        "mentoring_role mentoring_type programme_role program_role mentor_or_mentee mentor_mentee "
        "participant_type participation_type rolle_im_programm mentoring_rolle role_de_mentorat "
        "rol_de_mentoria mentorrol roles participant_role",
        "role rolle rol",
    ),
    "is_mentor": (
        "is_mentor is_mentor_y_n mentor mentor_y_n willing_to_mentor",
    ),
    "is_mentee": (
        "is_mentee is_mentee_y_n mentee mentee_y_n wants_a_mentor",
    ),
    "both_roles": (
        "both_mentor_and_mentee both_mentee_and_mentor both_roles",
    ),
    "capacity": (
        "capacity mentor_capacity maximum_mentees max_mentees maximum_number_of_mentees "
        "max_number_of_mentees number_of_mentees mentee_limit connection_limit kapazitat capacite "
        "capacidad capaciteit maximale_anzahl_mentees max_matches maximum_matches",
    ),
    "skills_have": (
        "skills_have skills_had skills_offered can_teach",
    ),
    "skills_want": (
        "skills_want skills_wanted skills_needed wants_to_learn",
    ),
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
    "record_year": (
        "status_year snapshot_year reporting_year record_year",
    ),
    "status": (
        "status employee_status employee_status_code employment_status worker_status user_status "
        "emp_status account_status beschaftigungsstatus mitarbeiterstatus statut statut_salarie "
        "statut_du_salarie estado situacion estatus estado_laboral medewerkerstatus dienststatus employment_status_code position_status_code "
        "position_status assignment_status lifecycle_status employment_state stato stato_dipendente "
        "situacao situacao_do_funcionario stat2 leave_status leave_status_as_of_june_30",
    ),
    "active": (
        "is_active account_enabled "
        "active active_status active_employee currently_employed aktiv actif activo actief "
        "attivo ativo currently_active still_employed",
    ),
    "gone": (
        "attrition left is_terminated terminated termd has_left left_company inactive leaver turnover "
        "ausgeschieden sorti baja uit_dienst leave_or_not exited resigned has_resigned",
    ),
    "employment_type": (
        "employment_type employee_type worker_type contract_type employment_class employee_class "
        "worker_category person_type employee_category staff_type type_of_employment "
        "beschaftigungsart vertragsart mitarbeitertyp anstellungsart type_de_contrat contrat "
        "nature_du_contrat tipo_de_contrato contrato tipo_de_empleado soort_contract dienstverband "
        "type_contrat tipo_contratto tipo_di_contratto tipo_contrato tipo_de_vinculo "
        "worker_category_description assignment_category employment_contract dienstbetrekking",
    ),
    "fte": (
        "fte arbeitszeitanteil "
        "full_time_equivalent fte_percent employment_percentage beschaftigungsgrad "
        "beschaeftigungsgrad stellenumfang quotite taux_d_activite taux_d_emploi deeltijdfactor "
        "deeltijdpercentage parttime_percentage porcentaje_jornada",
    ),
    "termination_date": (
        "termination_date term_date date_of_termination last_working_date leaving_date exit_date "
        "employment_end_date end_date last_day last_day_of_work last_working_day date_of_leaving "
        "leave_date separation_date resignation_date austrittsdatum austritt austritt_am vertragsende "
        "date_de_sortie date_sortie date_de_depart date_de_fin fecha_de_baja fecha_de_salida "
        "fecha_de_cese fecha_de_terminacion datum_uit_dienst uitdiensttreding einddatum "
        "relieving_date date_of_resignation date_of_exit date_of_separation date_left leaver_date "
        "last_day_worked ende_tatigkeit ende_taetigkeit endda data_cessazione data_di_cessazione "
        "data_dimissioni data_fine_rapporto data_demissao data_de_demissao data_de_desligamento "
        "fecha_de_finalizacion fecha_fin fecha_baja date_fin_contrat contract_end_date",
    ),
    "leaving_reason": (
        "termination_reason leaving_reason reason_for_leaving term_reason exit_reason "
        "separation_reason termination_type separation_type attrition_type turnover_type "
        "austrittsgrund motif_de_sortie motif_de_depart motivo_de_baja motivo_de_salida "
        "reden_uitdienst reden_van_vertrek reason_for_exit exit_type kundigungsart kuendigungsart "
        "motivo_cessazione motivo_desligamento",
    ),
    "pay": (
        "annual_salary yearly_salary salary_annual base_salary_annual annual_base_salary annual_pay "
        "annual_base_pay annual_income yearly_pay annualised_salary annualized_salary jahresgehalt "
        "jahresbruttogehalt bruttojahresgehalt salaire_annuel salaire_annuel_brut salario_anual "
        "salario_bruto_anual jaarsalaris bruto_jaarsalaris current_annual_salary gross_annual_salary "
        "annual_gross_salary annual_ctc ral retribuzione_annua_lorda",
        "salary base_salary basic_salary gross_salary current_salary base_pay pay compensation "
        "remuneration total_compensation full_time_salary fte_salary salary_usd salary_eur salary_gbp "
        "gehalt grundgehalt bruttogehalt lohn salaire salaire_brut salaire_de_base remuneration_brute "
        "salario salario_bruto salario_base sueldo salaris bruto_salaris loon ctc fixgehalt "
        "bruttoentgelt entgelt stipendio retribuzione remuneracao",
        "monthly_salary monthly_income monthly_pay salary_monthly salary_per_month "
        "basic_monthly_salary monatsgehalt bruttomonatsgehalt salaire_mensuel salaire_mensuel_brut "
        "salario_mensual maandsalaris bruto_maandsalaris stipendio_mensile salario_mensal",
        "pay_rate hourly_pay hourly_wage hourly_salary salary_hourly stundenlohn salaire_horaire "
        "salario_hora uurloon hourly_rate",
    ),
    "pay_currency": (
        "currency salary_currency pay_currency currency_code salary_currency_code wahrung devise "
        "monnaie moneda divisa valuta",
    ),
    "name": (
        "full_name employee_name name display_name preferred_name legal_name worker "
        "vollstandiger_name mitarbeiter mitarbeitername nom_complet nom_et_prenom nom_prenom "
        "nombre_completo nombre_y_apellidos apellidos_y_nombre volledige_naam naam medewerker "
        "person_name participant_name payroll_name name_vorname nachname_vorname last_name_first_name "
        "ename nominativo cognome_e_nome nome_e_cognome nome_completo",
    ),
    "first_name": (
        "first_name prenoms vornamen preferred_first_name_or_nickname "
        "given_name forename legal_first_name preferred_first_name vorname prenom nombre "
        "nombres voornaam nome roepnaam rufname primeiro_nome",
    ),
    "last_name": (
        "last_name surname family_name legal_last_name nachname familienname nom nom_de_famille "
        "apellido apellidos achternaam cognome sobrenome apelido",
    ),
    "email": (
        "email user_principal_name upn "
        "ad_email email_address work_email mail business_email business_email_address "
        "primary_work_email company_email emailadresse adresse_e_mail courriel correo_electronico "
        "correo e_mailadres indirizzo_email",
    ),
}  # fmt: skip
"""Columns of a roster by our name; names in English, German, French, Spanish, Dutch, Italian and
Portuguese, accents left out. The last four are read to find managers who are given by name, and then forgotten."""

TIES_COLUMNS: Names = {
    "source": ("source source_id from from_id",),
    "target": ("target target_id to to_id",),
}

SCALED = ("engagement", "skills_have", "skills_want", "survey")
"""Columns whose heading may state their scale, as in ``engagement_score_1_5``."""
