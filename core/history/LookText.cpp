// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/LookText.h"

#include "core/capture/MessageJson.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <optional>

namespace weir {
namespace {

// Each list of fields stands once: a LookWriter writes it, a LookReader reads it.

template<typename Fields>
void describe(Fields& to, SeenSubscription& of)
{
    to("subject", of.subject);
    to("queue", of.queue);
    to("delivered", of.delivered);
}

template<typename Fields>
void describe(Fields& to, UserPermissions& of)
{
    to("publish_allow", of.publishAllow);
    to("publish_deny", of.publishDeny);
    to("subscribe_allow", of.subscribeAllow);
    to("subscribe_deny", of.subscribeDeny);
}

template<typename Fields>
void describe(Fields& to, SeenConnection& of)
{
    to("server", of.server);
    to("cid", of.cid);
    to("name", of.name);
    to("account", of.account);
    to("user", of.user);
    to("user_name", of.userName);
    to("permissions", of.permissions);
    to("issued", of.issued);
    to("expires", of.expires);
    to("in_messages", of.inMessages);
    to("in_bytes", of.inBytes);
    to("out_messages", of.outMessages);
    to("out_bytes", of.outBytes);
    to("pending_bytes", of.pendingBytes);
    to("rtt", of.rtt);
    to("start", of.start);
    to("address", of.address);
    to("kind", of.kind);
    to("library", of.library);
    to("told", of.told);
    to("subscriptions", of.subscriptions);
}

template<typename Fields>
void describe(Fields& to, SeenConsumer& of)
{
    to("name", of.name);
    to("deliver_subject", of.deliverSubject);
    to("filters", of.filters);
    to("delivered", of.delivered);
    to("pending", of.pending);
    to("ack_pending", of.ackPending);
    to("redelivered", of.redelivered);
    to("untold", of.untold);
}

template<typename Fields>
void describe(Fields& to, SeenStream& of)
{
    to("account", of.account);
    to("name", of.name);
    to("subjects", of.subjects);
    to("messages", of.messages);
    to("last_sequence", of.lastSequence);
    to("consumers", of.consumers);
    to("told", of.told);
}

template<typename Fields>
void describe(Fields& to, SeenImport& of)
{
    to("service", of.service);
    to("from", of.from);
    to("remote", of.remote);
    to("local", of.local);
}

template<typename Fields>
void describe(Fields& to, SeenAccount& of)
{
    to("id", of.id);
    to("name", of.name);
    to("system", of.isSystem);
    to("imports", of.imports);
}

template<typename Fields>
void describe(Fields& to, SeenServer& of)
{
    to("id", of.id);
    to("name", of.name);
    to("version", of.version);
    to("cluster", of.cluster);
    to("host", of.host);
    to("leaf_host", of.leafHost);
    to("start", of.start);
    to("in_messages", of.inMessages);
    to("in_bytes", of.inBytes);
    to("out_messages", of.outMessages);
    to("out_bytes", of.outBytes);
    to("slow_consumers", of.slowConsumers);
    to("connections", of.connections);
    to("total_connections", of.totalConnections);
    to("subscriptions", of.subscriptions);
    to("leaf_nodes", of.leafNodes);
    to("memory", of.memory);
    to("cores", of.cores);
    to("cpu", of.cpu);
    to("routes", of.routes);
    to("gateways", of.gateways);
    to("jetstream", of.jetStream);
    to("jetstream_requests", of.jetStreamRequests);
    to("configured", of.configured);
    to("told", of.told);
    to("clock", of.clock);
    to("tags", of.tags);
}

template<typename Fields>
void describe(Fields& to, SeenLink& of)
{
    to("kind", of.kind);
    to("server", of.server);
    to("remote", of.remote);
    to("remote_name", of.remoteName);
    to("account", of.account);
    to("address", of.address);
    to("cid", of.cid);
    to("in_messages", of.inMessages);
    to("in_bytes", of.inBytes);
    to("out_messages", of.outMessages);
    to("out_bytes", of.outBytes);
    to("pending_bytes", of.pendingBytes);
    to("subscriptions", of.subscriptions);
    to("rtt", of.rtt);
    to("told", of.told);
}

template<typename Fields>
void describe(Fields& to, SeenAuthError& of)
{
    to("server", of.server);
    to("user", of.user);
    to("name", of.name);
    to("host", of.host);
    to("reason", of.reason);
    to("times", of.times);
    to("first", of.first);
    to("last", of.last);
}

template<typename Fields>
void describe(Fields& to, SeenVisit& of)
{
    to("server", of.server);
    to("cid", of.cid);
    to("account", of.account);
    to("user", of.user);
    to("name", of.name);
    to("host", of.host);
    to("reason", of.reason);
    to("start", of.start);
    to("stop", of.stop);
}

template<typename Fields>
void describe(Fields& to, BrokerLook& of)
{
    to("time", of.time);
    to("servers", of.servers);
    to("links", of.links);
    to("connections", of.connections);
    to("streams", of.streams);
    to("accounts", of.accounts);
    to("connections_total", of.connectionsTotal);
    to("auth_errors", of.authErrors);
    to("visits", of.visits);
    to("visitors", of.visitors);
    to("problems", of.problems);
    to("notes", of.notes);
}

struct Observed
{
    std::string account;
    std::vector<std::string> observed;
    BrokerLook look;
};

template<typename Fields>
void describe(Fields& to, Observed& of)
{
    to("account", of.account);
    to("observed", of.observed);
    describe(to, of.look);
}

class LookWriter
{
public:
    explicit LookWriter(std::string& out) : m_out(out) {}

    template<typename Value>
    void operator()(std::string_view name, Value& value)
    {
        if (isNothing(value))
            return;
        m_out += m_first ? "\"" : ",\"";
        m_first = false;
        m_out += name;
        m_out += "\":";
        write(value);
    }
    template<typename Struct>
    void object(Struct& value)
    {
        m_out += '{';
        m_first = true;
        describe(*this, value);
        m_out += '}';
        m_first = false;
    }

private:
    static bool isNothing(const std::string& text) { return text.empty(); }
    static bool isNothing(std::uint64_t number) { return number == 0; }
    static bool isNothing(double number) { return number == 0; }
    static bool isNothing(bool flag) { return !flag; }
    static bool isNothing(Nanoseconds duration) { return duration == kNoDuration; }
    static bool isNothing(Timestamp time) { return time == kNoTime; }
    static bool isNothing(SeenLink::Kind /*kind*/) { return false; }
    static bool isNothing(const std::optional<UserPermissions>& may) { return !may; }
    template<typename Each>
    static bool isNothing(const std::vector<Each>& list)
    {
        return list.empty();
    }

    void write(const std::string& text) { appendJsonString(m_out, text); }
    void write(std::uint64_t number) { m_out += std::to_string(number); }
    void write(double number)
    {
        std::array<char, 32> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
        m_out.append(text.data(), end.ptr);
    }
    void write(bool flag) { m_out += flag ? "true" : "false"; }
    void write(Nanoseconds duration) { m_out += std::to_string(duration.count()); }
    void write(Timestamp time) { m_out += std::to_string(toUnixNanos(time)); }
    void write(SeenLink::Kind kind) { m_out += std::to_string(static_cast<unsigned>(kind)); }
    void write(std::optional<UserPermissions>& may) { object(*may); }
    template<typename Struct>
    requires requires(LookWriter& to, Struct& of) { describe(to, of); }
    void write(Struct& value) { object(value); }
    template<typename Each>
    void write(std::vector<Each>& list)
    {
        m_out += '[';
        const char* comma = "";
        for (Each& each : list) {
            m_out += comma;
            write(each);
            comma = ",";
        }
        m_out += ']';
    }

    std::string& m_out;
    bool m_first = true;
};

/// Of one object; what it lacks stays as it was, what is of another kind than it should be is an error.
class LookReader
{
public:
    LookReader(simdjson::dom::object from, bool& good) : m_from(from), m_good(good) {}

    template<typename Value>
    void operator()(std::string_view name, Value& value)
    {
        simdjson::dom::element found;
        if (m_from[name].get(found) == simdjson::SUCCESS)
            m_good = read(found, value) && m_good;
    }

private:
    using Element = simdjson::dom::element;

    static bool read(Element from, std::string& text)
    {
        std::string_view view;
        const bool good = from.get(view) == simdjson::SUCCESS;
        text = view;
        return good;
    }
    static bool read(Element from, std::uint64_t& number) { return from.get(number) == simdjson::SUCCESS; }
    static bool read(Element from, double& number) { return from.get(number) == simdjson::SUCCESS; }
    static bool read(Element from, bool& flag) { return from.get(flag) == simdjson::SUCCESS; }
    static bool read(Element from, Nanoseconds& duration)
    {
        std::int64_t nanos = 0;
        const bool good = from.get(nanos) == simdjson::SUCCESS;
        duration = Nanoseconds(nanos);
        return good;
    }
    static bool read(Element from, Timestamp& time)
    {
        std::int64_t nanos = 0;
        const bool good = from.get(nanos) == simdjson::SUCCESS;
        time = fromUnixNanos(nanos);
        return good;
    }
    static bool read(Element from, SeenLink::Kind& kind)
    {
        std::uint64_t number = 0;
        if (from.get(number) != simdjson::SUCCESS || number > static_cast<unsigned>(SeenLink::Kind::Leaf))
            return false;
        kind = static_cast<SeenLink::Kind>(number);
        return true;
    }
    bool read(Element from, std::optional<UserPermissions>& may) { return read(from, may.emplace()); }
    template<typename Struct>
    requires requires(LookReader& to, Struct& of) { describe(to, of); }
    bool read(Element from, Struct& value)
    {
        simdjson::dom::object object;
        if (from.get(object) != simdjson::SUCCESS)
            return false;
        LookReader reader(object, m_good);
        describe(reader, value);
        return true;
    }
    template<typename Each>
    bool read(Element from, std::vector<Each>& list)
    {
        simdjson::dom::array array;
        if (from.get(array) != simdjson::SUCCESS)
            return false;
        bool good = true;
        for (const Element each : array)
            good = read(each, list.emplace_back()) && good;
        return good;
    }

    simdjson::dom::object m_from;
    bool& m_good;
};

} // namespace

std::string lookText(const ObservedLook& look)
{
    Observed all{look.account, look.observed, *look.look};
    std::string out;
    LookWriter(out).object(all);
    return out;
}

Result<ObservedLook> parseLook(std::string_view text)
{
    const auto wrong = [](const std::string& why) {
        return Error{ErrorCode::Format, "reading a look at the broker", why, {}};
    };
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (const auto code = parser.parse(simdjson::padded_string(text)).get(object); code != simdjson::SUCCESS)
        return wrong(simdjson::error_message(code));
    Observed all;
    bool good = true;
    LookReader reader(object, good);
    describe(reader, all);
    if (!good || all.look.time == kNoTime)
        return wrong("a field is not of its kind");
    return ObservedLook{std::make_shared<const BrokerLook>(std::move(all.look)), std::move(all.account),
                        std::move(all.observed)};
}

} // namespace weir
