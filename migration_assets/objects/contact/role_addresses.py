"""Addresses that belong to a role or to nobody, by what stands before the @: they never make one person of several."""

_WORDS = """
noreply donotreply nobody none null unknown anonymous anonym dummy fake test tester testing example sample info
information infos informacje contact kontakt contacto contato contatto contatti mail email hello hallo hola bonjour
ciao czesc welcome moin support help helpdesk hilfe service servicedesk kundenservice kundendienst kundenbetreuung
customerservice customercare customer customers kunde kunden client clients cliente clientes clienti klant klanten
klient klienci klantenservice serviceclient soporte ayuda aide assistenza pomoc feedback enquiries enquiry inquiries
inquiry anfrage anfragen consulta consultas richiesta richieste demande demandes zapytanie zapytania vraag vragen
sales vertrieb verkauf ventas vente ventes vendite verkoop sprzedaz marketing office buro buero bureau oficina ufficio
biuro kantoor kancelaria kanzlei reception rezeption empfang recepcion receptie recepcja accueil secretariat
sekretariat secretaria secretariaat segreteria sekretariaat zentrale centrale centrala verwaltung hausverwaltung
administracion amministrazione administracja administratie praxis praktijk gabinet kasse kassa kasa caisse cassa caja
team equipe equipo zespol everyone admin administrator administration root webmaster postmaster hostmaster
mailerdaemon abuse security privacy datenschutz edv billing accounting accounts buchhaltung boekhouding comptabilite
contabilidad contabilita ksiegowosc finance finanzen invoice invoices rechnung rechnungen facture factures facturation
factura facturas facturacion fattura fatture fatturazione factuur facturen faktura faktury purchasing einkauf inkoop
achats compras acquisti zakupy order orders bestellung bestellungen commande commandes pedido pedidos ordine ordini
bestelling bestellingen zamowienie zamowienia shop store onlineshop webshop laden boutique magasin tienda negozio
winkel sklep booking bookings reservation reservations buchung buchungen reservas prenotazioni werkstatt versand
shipping technik jobs career careers bewerbung bewerbungen press presse media legal newsletter news notification
notifications notify alert alerts system monitoring bounce bounces phone telefon telephone unbekannt unbekannte
unbekannter inconnu inconnue desconocido desconocida sconosciuto sconosciuta onbekend nieznany nieznana kein keine
keiner keines ohne nicht fehlt niemand nadie nessuno nikt aucun aucune ninguno ninguna nessuna geen brak senza zonder
asdf asdfg asdfgh asdfjkl qwerty qwertz qwert azerty yxcv zxcv blabla foobar
"""
BEGINNINGS = frozenset(_WORDS.split())
"""What comes before a mark in the address decides: info.berlin, kein-email."""

_WHOLE = """
nomail noemail nomailaddress noemailaddress noaddress nocontact notprovided notavailable notapplicable
sinemail sinmail sincorreo sansmail sansemail sansadresse pasdemail sememail semmail bezmaila bezemail
na nan nil it hr all post gast guest call calls x xx xy xyz abc abcd abcde asd qwe
"""
ROLES = BEGINNINGS | frozenset(_WHOLE.split())
"""Without marks: no-reply and no.reply are noreply. Some of them are also names or titles, as in na.li and hr.maier."""
