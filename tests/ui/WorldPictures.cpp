// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/WorldPictures.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

namespace weir::test {
namespace {

constexpr const char* kLarge =
    "FRA LHR IAD SIN NRT GRU SYD AMS CDG SJC ORD JNB BOM DXB MAD ARN LAX DFW EWR HKG ATL MIA SEA YYZ MEX BOG "
    "EZE SCL LIM "
    "MXP ZRH VIE WAW PRG DUS HAM MUC BER BRU DUB MAN EDI CPH OSL HEL RIX VNO TLL KBP OTP SOF ATH IST BUD BEG "
    "ZAG LIS BCN "
    "MRS LYS FCO PMO GVA LUX CAI CMN TUN ALG LOS ACC NBO CPT DAR KGL MRU TLV AMM BEY KWI DOH RUH JED MCT BGW "
    "ICN KIX FUK "
    "OKA TPE KHH PVG PEK CAN SZX CKG MNL CEB SGN HAN BKK KUL CGK DPS PNH DEL MAA BLR HYD CCU AMD COK KTM CMB "
    "DAC ISB KHI "
    "LHE TAS ALA EVN TBS GYD MEL BNE PER ADL AKL CHC CBR HBA NOU SUV GUM HNL ANC PDX SFO SAN PHX LAS SLC DEN "
    "ABQ SAT IAH "
    "AUS MCI OMA MSP STL MEM BNA CLT RIC PHL BOS BUF PIT CLE DTW CMH IND JAX TPA YUL YOW YHZ YWG YYC YVR GDL "
    "QRO GUA SJO "
    "PTY UIO GYE CLO MDE BAQ CUR SJU SDQ POS GIG BSB CNF POA CWB FOR REC SSA FLN MAO ASU LPB CNF COR NQN";

std::vector<std::string> codes(std::size_t count)
{
    std::vector<std::string> found;
    std::istringstream large(kLarge);
    for (std::string code; large >> code && found.size() < count;) {
        if (std::find(found.begin(), found.end(), code) == found.end())
            found.push_back(code);
    }
    std::vector<std::string> others;
    std::string code = "AAA";
    for (code[0] = 'A'; code[0] <= 'Z' && found.size() < count; ++code[0]) {
        for (code[1] = 'A'; code[1] <= 'Z'; ++code[1]) {
            for (code[2] = 'A'; code[2] <= 'Z'; ++code[2]) {
                if (PopPlaces::builtIn().find(code) != nullptr)
                    others.push_back(code);
            }
        }
    }
    std::mt19937 random(11);
    std::shuffle(others.begin(), others.end(), random);
    for (const std::string& other : others) {
        if (found.size() < count && std::find(found.begin(), found.end(), other) == found.end())
            found.push_back(other);
    }
    return found;
}

} // namespace

std::vector<PopSum> bigPops(std::size_t pops)
{
    std::mt19937 random(5);
    std::vector<PopSum> sums;
    const GeoPoint frankfurt = PopPlaces::builtIn().find("FRA")->at;
    std::vector<std::string> names = codes(pops > 100 ? pops - 3 : pops);
    if (pops > 100)
        names.insert(names.end(), {"QQ1", "edge-lab", "no PoP"});
    for (std::size_t i = 0; i < names.size(); ++i) {
        PopSum sum;
        sum.name = names[i];
        sum.isCode = sum.name != "no PoP";
        const double rate = 2000 * std::pow(0.97, static_cast<double>(std::min<std::size_t>(i, 250))) *
                            std::uniform_real_distribution<double>(0.3, 1)(random);
        sum.rate = rate;
        sum.messages = static_cast<std::uint64_t>(rate * 300);
        sum.bytes = sum.messages * 700;
        const GeoPlace* place = PopPlaces::builtIn().find(sum.name);
        const double away = place != nullptr ? kilometresBetween(place->at, frankfurt) : 4000;
        auto p50 = Nanoseconds(static_cast<std::int64_t>((3 + away / 100) * 1e6));
        if (i % 37 == 5)
            p50 *= 12;
        if (i % 41 == 7)
            sum.latency.unknown = sum.messages;
        else
            sum.latency = {sum.messages, 0, 0, p50 / 2, p50, p50 * 2, p50 * 5 / 2, p50 * 4};
        sum.firstSeen = Timestamp(std::chrono::seconds(1'790'000'000));
        sum.lastSeen = sum.firstSeen + std::chrono::minutes(5);
        sums.push_back(std::move(sum));
    }
    return sums;
}

BrokerLook serversIn(const std::vector<std::string>& places)
{
    BrokerLook look;
    for (const std::string& code : places) {
        SeenServer server;
        server.id = "N" + code;
        server.name = "nats-" + code;
        server.cluster = "edge";
        server.tags = {"iata:" + code};
        look.servers.push_back(std::move(server));
    }
    return look;
}

std::shared_ptr<const WorldGraph> bigWorld(std::size_t pops, std::size_t regions)
{
    std::vector<std::string> places{"FRA", "IAD", "SIN", "GRU", "SYD"};
    places.resize(std::min(regions, places.size()));
    const BrokerLook look = serversIn(places);
    return std::make_shared<const WorldGraph>(worldGraph(bigPops(pops), &look));
}

} // namespace weir::test
