// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/topology/PopPlaces.h"

#include <QStringList>
#include <QTest>

using namespace weir;

namespace {

/// Codes that Cloudflare publishes as locations of its network.
const QString kCloudflare =
    QStringLiteral("AAE ABJ ABQ ACC ADB ADD ADL AKL AKX ALA ALG AMD AMM AMS ANC ANF ARI ARN ARU ASK ASU ATH "
                   "ATL AUS BAH BAQ BBI "
                   "BCN BEG BEL BEY BGI BGR BGW BKK BLR BNA BNE BNU BOD BOG BOM BOS BRU BSB BSR BTS BUD BUF "
                   "BWN CAC CAI CAN CAW "
                   "CBR CCP CCU CDG CEB CFC CGB CGD CGK CGO CGP CGY CHC CKG CLE CLO CLT CMB CMH CMN CNF CNN "
                   "CNX COK COR CPH CPT "
                   "CRK CSX CUR CWB CZL CZX DAC DAD DAR DEL DEN DFW DKR DLC DME DMM DOH DPS DTW DUB DUR DUS "
                   "DXB EBB EBL EDI EVN "
                   "EWR EZE FCO FIH FLN FOC FOR FRA FRU FSD FUK FUO GBE GDL GEO GIG GND GOT GRU GUA GUM GVA "
                   "GYD GYE GYN HAK HAM "
                   "HAN HBA HEL HFA HGH HKG HNL HRE HYD HYN IAD IAH ICN IND ISB IST ISU ITJ IXC JAX JDO JED "
                   "JHB JIB JJN JNB JOG "
                   "JOI JSR KBP KEF KGL KHH KHI KHN KIV KIX KJA KLD KMG KNU KTM KUL KWE KWI LAD LAS LAX LCA "
                   "LED LHE LHR LHW LIM "
                   "LIS LLK LLW LOS LPB LUN LUX LYA LYS MAA MAD MAN MAO MBA MCI MCT MDE MEL MEM MEX MFE MFM "
                   "MIA MLE MNL MPM MRS "
                   "MRU MSP MSQ MUC MXP NAG NBO NJF NNG NOU NQN NQZ NRT NVT OKA OKC OMA ORD ORF ORK ORN OSL "
                   "OTP OUA PAT PBH PBM "
                   "PDX PER PHL PHX PIT PKX PMO PMW PNH POA POS PPT PRG PTY QRO QWJ RAO RDU REC RIC RIX RUH "
                   "RUN SAN SAP SAT SCL "
                   "SDQ SEA SFO SGN SHA SIN SJC SJK SJO SJP SJU SJW SKG SKP SLC SMF SOD SOF SSA STI STL STR "
                   "SUV SVX SYD SZX TAO "
                   "TAS TBS TEN TGU TIA TLH TLL TLV TNA TNR TPA TPE TSN TUN TXL TYN UDI UIO ULN URT VCP VIE "
                   "VIX VNO VTE WAW WDH "
                   "WHU WUX XAP XFN XIY XNH XNN YHZ YOW YUL YVR YWG YXE YYC YYZ ZAG ZDM ZGN ZRH");
/// Of metropolitan areas, as Akamai and Fastly, too, name what is in them.
const QString kMetropolitan = QStringLiteral("BAK BHZ BJS BUE BUH CHI DTT HOU IEV IZM JKT LON MIL MMA MOW "
                                             "NYC ORL OSA PAR REK RIO ROM SAO SEL SPK STO TYO "
                                             "WAS YEA YMQ YTO");

} // namespace

class TestPopPlaces : public QObject
{
    Q_OBJECT
private slots:
    void knowsTheCodesOfEdges_data();
    void knowsTheCodesOfEdges();
    void placesLieWhereTheyAre_data();
    void placesLieWhereTheyAre();
    void unknownCodesAreUnknown();
    void knowsRegions_data();
    void knowsRegions();
    void passesOverWhatItCannotRead();
    void measuresDistances();
};

void TestPopPlaces::knowsTheCodesOfEdges_data()
{
    QTest::addColumn<QString>("codes");
    QTest::addColumn<int>("atLeast");
    QTest::newRow("Cloudflare") << kCloudflare << 300;
    QTest::newRow("metropolitan areas") << kMetropolitan << 30;
    QTest::newRow("the lab's") << QStringLiteral(
                                      "FRA LHR CDG AMS MAD WAW IAD SJC ORD GRU BOM SIN NRT SYD JNB DXB")
                               << 16;
}

void TestPopPlaces::knowsTheCodesOfEdges()
{
    QFETCH(QString, codes);
    QFETCH(int, atLeast);
    const QStringList all = codes.split(' ');
    QVERIFY(all.size() >= atLeast);
    QStringList missing;
    for (const QString& code : all) {
        const GeoPlace* place = PopPlaces::builtIn().find(code.toStdString());
        if (place == nullptr || place->city.empty() || place->country.empty())
            missing += code;
    }
    QCOMPARE(missing.join(' '), QString());
}

void TestPopPlaces::placesLieWhereTheyAre_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("place");
    QTest::addColumn<double>("latitude");
    QTest::addColumn<double>("longitude");
    QTest::newRow("FRA") << QByteArray("FRA") << "Frankfurt, Germany" << 50.0 << 8.6;
    QTest::newRow("lower case") << QByteArray("gru") << QString::fromUtf8("São Paulo, Brazil") << -23.4
                                << -46.5;
    QTest::newRow("in the south and east") << QByteArray("SYD") << "Sydney, Australia" << -33.9 << 151.2;
    QTest::newRow("metropolitan") << QByteArray("NYC") << "New York, United States" << 40.7 << -74.0;
    QTest::newRow("no PoP that is known") << QByteArray("CRL") << "Charleroi, Belgium" << 50.5 << 4.5;
}

void TestPopPlaces::placesLieWhereTheyAre()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, place);
    QFETCH(double, latitude);
    QFETCH(double, longitude);
    const GeoPlace* found = PopPlaces::builtIn().find(code.toStdString());
    QVERIFY(found != nullptr);
    QCOMPARE(QString::fromStdString(found->city + ", " + found->country), place);
    QVERIFY(std::abs(found->at.latitude - latitude) < 0.2);
    QVERIFY(std::abs(found->at.longitude - longitude) < 0.2);
}

void TestPopPlaces::unknownCodesAreUnknown()
{
    for (const char* code : {"", "F", "FR", "FRANKFURT", "QQQ", "no PoP", "=", "#", "\xff\xff\xff", "F A"})
        QVERIFY2(PopPlaces::builtIn().find(code) == nullptr, code);
    QVERIFY(PopPlaces::builtIn().size() > 3900);
}

void TestPopPlaces::knowsRegions_data()
{
    QTest::addColumn<QByteArray>("region");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("AWS") << QByteArray("eu-central-1") << QByteArray("FRA");
    QTest::newRow("its zone") << QByteArray("us-east-1b") << QByteArray("IAD");
    QTest::newRow("Google's zone") << QByteArray("europe-west3-c") << QByteArray("FRA");
    QTest::newRow("Azure, in its own case") << QByteArray("WestEurope") << QByteArray("AMS");
    QTest::newRow("Akamai") << QByteArray("eu-central") << QByteArray("FRA");
    QTest::newRow("none") << QByteArray("my-basement") << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray();
}

void TestPopPlaces::knowsRegions()
{
    QFETCH(QByteArray, region);
    QFETCH(QByteArray, code);
    const GeoPlace* place = PopPlaces::builtIn().ofRegion(region.toStdString());
    QCOMPARE(place == nullptr ? QByteArray() : QByteArray::fromStdString(place->code), code);
}

void TestPopPlaces::passesOverWhatItCannotRead()
{
    const PopPlaces places(
        "# a comment\n= DE Germany\nFRA DE 50.0 8.5 Frankfurt am Main\nBAD DE x 1 Nowhere\n\n"
        "HAM DE 53.6\nOLD ZZ 1 2 Atlantis",
        "# c\nhere FRA\nthere\n");
    QCOMPARE(places.size(), std::size_t{2});
    QCOMPARE(places.find("FRA")->city, std::string("Frankfurt am Main"));
    QVERIFY(places.find("OLD")->country.empty());
    QVERIFY(places.ofRegion("here") != nullptr);
    QVERIFY(places.ofRegion("there") == nullptr);
}

void TestPopPlaces::measuresDistances()
{
    const auto at = [](const char* code) { return PopPlaces::builtIn().find(code)->at; };
    QVERIFY(std::abs(kilometresBetween(at("FRA"), at("JFK")) - 6200) < 40);
    QVERIFY(std::abs(kilometresBetween(at("SYD"), at("SCL")) - 11'340) < 80); // across the date line
    QCOMPARE(kilometresBetween(at("FRA"), at("FRA")), 0.0);
}

QTEST_APPLESS_MAIN(TestPopPlaces)
#include "tst_popplaces.moc"
