// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/VirtualHistory.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace weir::test {
namespace {

constexpr std::uint64_t kBlock = 4096;
constexpr std::int64_t kStart = 1'767'323'045'000'000'000; // 2026-01-02T03:04:05Z
constexpr std::array kSubjects{"orders.eu.created",  "orders.eu.paid",       "orders.us.created",
                               "orders.us.paid",     "auth.login.succeeded", "auth.login.failed",
                               "telemetry.page.web", "telemetry.page.app"};
constexpr std::array kWorkers{"checkout", "checkout", "checkout",  "checkout",
                              "auth",     "auth",     "telemetry", "telemetry"};

/// A number that looks random and is the same every time (SplitMix64).
std::uint64_t mixed(std::uint64_t seq)
{
    std::uint64_t z = seq + 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

Identity identity(std::string name, std::string issuer, Evidence evidence, std::string proof)
{
    Identity who;
    who.name = std::move(name);
    who.issuer = std::move(issuer);
    who.evidence = evidence;
    who.proof = std::move(proof);
    return who;
}

} // namespace

/// Reads a VirtualHistory the way a real reader reads blocks.
class VirtualReader final : public HistoryReader
{
public:
    explicit VirtualReader(VirtualHistory& history) : m_history(history) {}

    std::shared_ptr<const Names> names() override { return m_history.m_names; }
    Result<ScanSummary> scan(const HistoryQuery& query, std::stop_token stop,
                             const std::function<bool(const std::shared_ptr<const Batch>&)>& visit) override;
    Result<std::pair<std::uint64_t, std::uint64_t>> seqRange() override
    {
        const std::uint64_t last = m_history.m_last;
        return std::pair<std::uint64_t, std::uint64_t>{last == 0 ? 0 : m_history.m_first.load(), last};
    }
    Result<std::uint64_t> seqAt(Timestamp time) override
    {
        std::uint64_t low = m_history.m_first;
        std::uint64_t high = m_history.m_last + 1;
        while (low < high) {
            const std::uint64_t middle = (low + high) / 2;
            if (m_history.timeOf(middle) < time)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
    Result<HistoryInfo> info() override { return HistoryInfo{}; }
    Result<std::vector<Gap>> gaps(Timestamp from, Timestamp to) override
    {
        const std::scoped_lock lock(m_history.m_mutex);
        std::vector<Gap> found;
        std::copy_if(m_history.m_gaps.begin(), m_history.m_gaps.end(), std::back_inserter(found),
                     [&](const Gap& gap) { return gap.from < to && (gap.to == kNoTime || gap.to > from); });
        return found;
    }

private:
    VirtualHistory& m_history;
};

Result<ScanSummary> VirtualReader::scan(const HistoryQuery& query, std::stop_token stop,
                                        const std::function<bool(const std::shared_ptr<const Batch>&)>& visit)
{
    ++m_history.m_scans;
    std::function<void(const HistoryQuery&)> hook;
    {
        const std::scoped_lock lock(m_history.m_mutex);
        hook = m_history.m_beforeScan;
    }
    if (hook)
        hook(query);
    ScanSummary summary;
    const std::uint64_t first = std::max<std::uint64_t>(query.firstSeq, m_history.m_first);
    const std::uint64_t last = std::min<std::uint64_t>(query.lastSeq, m_history.m_last);
    if (last < first)
        return summary;
    const bool back = query.order == Order::NewestFirst;
    for (std::uint64_t step = 0; step <= last / kBlock - first / kBlock; ++step) {
        const std::uint64_t block = back ? last / kBlock - step : first / kBlock + step;
        auto batch =
            m_history.batch(std::max(first, block * kBlock), std::min(last, block * kBlock + kBlock - 1),
                            query.columns | query.filter.columns());
        summary.scanned += batch->messages.size();
        std::erase_if(batch->messages, [&](const Message& message) {
            return message.time < query.from || message.time >= query.to ||
                   !query.filter.matches(message, *m_history.m_names);
        });
        if (back)
            std::reverse(batch->messages.begin(), batch->messages.end());
        summary.matched += batch->messages.size();
        if (stop.stop_requested() || (!batch->messages.empty() && !visit(batch))) {
            summary.stoppedEarly = true;
            return summary;
        }
    }
    return summary;
}

VirtualHistory::VirtualHistory()
{
    for (const char* subject : kSubjects)
        m_subjects.push_back(m_names->subjects.intern(subject));
    for (const char* pop : kPops)
        m_pops.push_back(m_names->pops.intern(pop));
    for (const char* worker : kWorkers)
        m_workers.push_back(m_names->workers.intern(worker));
    Identity token = identity("alice@example.org", "https://id.example.org", Evidence::Verified,
                              "ES256 signature checked with key 2026-01 of https://id.example.org/jwks");
    token.tokenSha256 = "5c0f0d8bb6f3e3d2a1c4f7a9e6b8d0c2f4a6e8b0d2c4f6a8e0b2d4c6f8a0e2b4";
    token.claims =
        R"({"iss":"https://id.example.org","sub":"alice@example.org","aud":"edge","exp":2082683045})";
    token.notBefore = fromUnixNanos(kStart - 3'600'000'000'000);
    token.expires = fromUnixNanos(kStart + 10 * 365 * 86'400'000'000'000);
    m_identities.push_back(m_names->identities.intern(token));
    m_identities.push_back(m_names->identities.intern(identity(
        "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4", "NATS server", Evidence::Vouched, "")));
    m_identities.push_back(
        m_names->identities.intern(identity("checkout-worker", "", Evidence::Claimed, "")));
    m_identities.push_back(
        m_names->identities.intern(identity("telemetry-gateway", "", Evidence::Inferred, "")));
    m_identities.push_back({});
}

void VirtualHistory::addSubjects(int count)
{
    for (int i = 0; i < count; ++i) {
        const std::string customer = std::to_string(mixed(static_cast<std::uint64_t>(i)) % 1'000'000);
        m_subjects.push_back(
            m_names->subjects.intern("customers." + customer + (i % 3 == 0 ? ".order" : ".visit")));
        m_workers.push_back(m_workers[static_cast<std::size_t>(i) % 8]);
    }
}

void VirtualHistory::setGaps(std::vector<Gap> gaps)
{
    const std::scoped_lock lock(m_mutex);
    m_gaps = std::move(gaps);
}

void VirtualHistory::damage(std::uint64_t first, std::uint64_t last)
{
    const std::scoped_lock lock(m_mutex);
    m_damaged = {first, last};
}

void VirtualHistory::setBeforeScan(std::function<void(const HistoryQuery&)> hook)
{
    const std::scoped_lock lock(m_mutex);
    m_beforeScan = std::move(hook);
}

void VirtualHistory::failOpen(std::optional<Error> error)
{
    const std::scoped_lock lock(m_mutex);
    m_openError = std::move(error);
}

void VirtualHistory::setContent(std::uint64_t seq, std::string headers, std::string payload)
{
    const std::scoped_lock lock(m_mutex);
    m_contents.push_back({seq, std::move(headers), std::move(payload)});
}

Timestamp VirtualHistory::timeOf(std::uint64_t seq) const
{
    return fromUnixNanos(m_start +
                         static_cast<std::int64_t>(seq * (1'000'000'000 / m_perSecond) + mixed(seq) % 900));
}

void VirtualHistory::fill(Message& message, std::uint64_t seq) const
{
    const std::uint64_t luck = mixed(seq);
    const std::size_t pop = luck % m_pops.size();
    const std::size_t subject = (luck >> 8U) % m_subjects.size();
    // Most are quick, a few take several times as long; GRU is slow.
    const double tail = -std::log((static_cast<double>((luck >> 32U) % 1'000'000) + 1) / 1'000'001);
    const bool slow = m_names->pops.name(m_pops[pop]) == "GRU" && seq >= m_slowFrom;
    const double base = 4 + static_cast<double>(pop) * 3.5 + (slow ? 190 : 0);
    const auto micros = static_cast<std::int64_t>(1000 * (base + tail * (3 + static_cast<double>(pop) / 2)));
    message.seq = seq;
    message.time = timeOf(seq);
    message.sent = seq % 50 == 7 ? kNoTime : message.time - std::chrono::microseconds(micros);
    if (seq % 200 == 11)
        message.sent = message.time + std::chrono::milliseconds(40);
    message.subject = m_subjects[subject];
    message.pop = m_pops[pop];
    message.worker = m_workers[subject];
    message.identity = m_identities[(luck >> 24U) % m_identities.size()];
    message.evidence = m_names->identities.at(message.identity).evidence;
    message.subjectName = m_names->subjects.name(message.subject);
    message.popName = m_names->pops.name(message.pop);
    message.workerName = m_names->workers.name(message.worker);
    message.headerSize = 260;
    message.payloadSize = static_cast<std::uint32_t>(120 + luck % 900);
}

std::string VirtualHistory::headersOf(const Message& message) const
{
    std::string ray = "8d1e2f3a4b5c6d7e-" + std::string(message.popName);
    return "NATS/1.0\r\nCf-Ray: " + ray + "\r\nX-Edge-Worker: " + std::string(message.workerName) +
           "\r\nX-Edge-Sent-At: " + std::to_string(toUnixNanos(message.sent) / 1000) +
           "\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
           "\r\nAuthorization: <redacted "
           "sha256:5c0f0d8bb6f3e3d2a1c4f7a9e6b8d0c2f4a6e8b0d2c4f6a8e0b2d4c6f8a0e2b4>"
           "\r\nContent-Type: application/json\r\n\r\n";
}

std::shared_ptr<Batch> VirtualHistory::batch(std::uint64_t first, std::uint64_t last, ColumnSet columns) const
{
    const std::scoped_lock lock(m_mutex);
    auto batch = std::make_shared<Batch>();
    auto texts = std::make_shared<std::deque<std::string>>();
    batch->names = m_names;
    batch->storage.push_back(texts);
    for (std::uint64_t seq = first; seq <= last; ++seq) {
        if (seq >= m_damaged.first && seq <= m_damaged.second)
            continue;
        Message& message = batch->messages.emplace_back();
        fill(message, seq);
        message.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        const auto own = std::find_if(m_contents.begin(), m_contents.end(),
                                      [seq](const Content& c) { return c.seq == seq; });
        if ((columns & bit(weir::Column::Headers)) != 0)
            message.headers =
                texts->emplace_back(own != m_contents.end() ? own->headers : headersOf(message));
        if ((columns & bit(weir::Column::Payload)) != 0)
            message.payload = texts->emplace_back(
                own != m_contents.end() ? own->payload
                                        : R"({"order":)" + std::to_string(seq) +
                                              R"(,"amount":"49.90","items":[{"sku":"A-1","qty":2}],"pop":")" +
                                              std::string(message.popName) + R"("})");
        if (own != m_contents.end())
            message.payloadSize = static_cast<std::uint32_t>(own->payload.size());
    }
    return batch;
}

Result<std::unique_ptr<HistoryReader>> VirtualHistory::open()
{
    const std::scoped_lock lock(m_mutex);
    if (m_openError)
        return *m_openError;
    return std::unique_ptr<HistoryReader>(std::make_unique<VirtualReader>(*this));
}

} // namespace weir::test
