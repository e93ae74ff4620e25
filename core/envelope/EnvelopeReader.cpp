// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/envelope/EnvelopeReader.h"

#include "core/envelope/FactParsers.h"
#include "core/envelope/HeaderIndex.h"
#include "core/envelope/HeaderScan.h"
#include "core/envelope/IdentityReader.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

using Kind = EnvelopeSource::Kind;
using Arena = std::function<char*(std::size_t)>;

constexpr std::string_view kRedacted = "<redacted>";
constexpr std::size_t kMaxDigests = 64; ///< in one message
/// Bounds of what strangers can make us remember; past them a PoP or Worker stays unnamed.
constexpr std::uint32_t kMaxPops = 16 * 1024;
constexpr std::uint32_t kMaxWorkers = 64 * 1024;

/// A source with its header's slot looked up.
struct Place
{
    const EnvelopeSource* source;
    int slot;
};

std::vector<Place> placesOf(const std::vector<EnvelopeSource>& sources, const HeaderIndex& index)
{
    std::vector<Place> places;
    for (const EnvelopeSource& source : sources)
        places.push_back({&source, index.find(source.header)});
    return places;
}

bool anyInSubject(const EnvelopeRules& rules)
{
    for (const auto* sources : {&rules.pop, &rules.worker, &rules.identity, &rules.trace, &rules.sent}) {
        if (std::any_of(sources->begin(), sources->end(),
                        [](const EnvelopeSource& source) { return source.kind == Kind::SubjectToken; }))
            return true;
    }
    return false;
}

} // namespace

struct EnvelopeReader::State
{
    State(EnvelopeRules given, std::shared_ptr<Names> sharedNames, TokenChecker checkToken, Origin origin)
        : rules(std::move(given)),
          index(rules),
          pop(placesOf(rules.pop, index)),
          worker(placesOf(rules.worker, index)),
          identity(placesOf(rules.identity, index)),
          trace(placesOf(rules.trace, index)),
          sent(placesOf(rules.sent, index)),

          readsSubjects(anyInSubject(rules)),
          names(std::move(sharedNames)),
          identities(names, std::move(checkToken)),
          scan(index, origin == Origin::File)
    {
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    std::string_view valueAt(const Place& place, std::string_view subject) const;
    void readPop(Message& out);
    void readWorker(Message& out);
    void readTrace(Message& out) const;
    void readSent(Message& out) const;
    void readIdentity(Message& out);
    IdentityId identityAt(const Place& place, const Message& message);
    bool isVouched(const Place& place, const Message& message) const;
    std::string_view replacement(std::size_t place);
    std::string_view redacted(std::string_view block, const Arena& arena);

    const EnvelopeRules rules;
    const HeaderIndex index;
    const std::vector<Place> pop;
    const std::vector<Place> worker;
    const std::vector<Place> identity;
    const std::vector<Place> trace;
    const std::vector<Place> sent;
    const bool readsSubjects; ///< some fact may stand in the subject
    std::shared_ptr<Names> names;
    IdentityReader identities;
    HeaderScan scan;
    FactBuffer buffer;
};

/// What stands at a place of the message; empty where nothing does, or a secret that no fact may carry.
std::string_view EnvelopeReader::State::valueAt(const Place& place, std::string_view subject) const
{
    if (place.source->kind == Kind::SubjectToken) {
        const bool applies = place.source->pattern.empty() || subjectMatches(place.source->pattern, subject);
        return applies ? subjectToken(subject, place.source->token) : std::string_view{};
    }
    const std::string_view value = scan.value(place.slot);
    if (!value.empty() && !scan.redactions().empty() && scan.isSecret(value))
        return {};
    return place.source->kind == Kind::HeaderAfterLastDash ? afterLastDash(value) : value;
}

void EnvelopeReader::State::readPop(Message& out)
{
    for (const Place& place : pop) {
        const std::string_view code = parsePop(valueAt(place, out.subjectName), buffer);
        if (code.empty())
            continue;
        if (names->pops.size() < kMaxPops)
            out.pop = names->pops.intern(code);
        else
            out.pop = names->pops.find(code).value_or(PopId{});
        out.popName = code.data() == buffer.data() ? names->pops.name(out.pop) : code;
        return;
    }
}

void EnvelopeReader::State::readWorker(Message& out)
{
    for (const Place& place : worker) {
        const std::string_view name = parseName(valueAt(place, out.subjectName), buffer);
        if (name.empty())
            continue;
        if (names->workers.size() < kMaxWorkers)
            out.worker = names->workers.intern(name);
        else
            out.worker = names->workers.find(name).value_or(WorkerId{});
        out.workerName = name.data() == buffer.data() ? names->workers.name(out.worker) : name;
        return;
    }
}

void EnvelopeReader::State::readTrace(Message& out) const
{
    for (const Place& place : trace) {
        const std::string_view value = valueAt(place, out.subjectName);
        out.trace = place.source->kind == Kind::Traceparent ? parseTraceparent(value) : parseTraceId(value);
        if (!out.trace.empty())
            return;
    }
}

void EnvelopeReader::State::readSent(Message& out) const
{
    for (const Place& place : sent) {
        out.sent = parseSent(valueAt(place, out.subjectName));
        if (out.sent != kNoTime)
            return;
    }
}

void EnvelopeReader::State::readIdentity(Message& out)
{
    for (const Place& place : identity) {
        const IdentityId id = identityAt(place, out);
        if (id.isNone())
            continue;
        out.identity = id;
        out.evidence = names->identities.evidenceAt(id, out.time);
        return;
    }
}

IdentityId EnvelopeReader::State::identityAt(const Place& place, const Message& message)
{
    const Kind kind = place.source->kind;
    if (kind == Kind::Jwt) {
        const std::string_view token = bearerToken(scan.value(place.slot));
        return token.empty() ? IdentityId{} : identities.ofToken(identities.token(token), message.time);
    }
    if (kind == Kind::RequestInfo) {
        const std::string_view json = scan.value(place.slot);
        return json.empty() ? IdentityId{} : identities.ofRequestInfo(json, isVouched(place, message));
    }
    const std::string_view name = valueAt(place, message.subjectName);
    if (name.empty())
        return {};
    return identities.ofName(name,
                             kind == Kind::SubjectToken ? "a token of the subject" : place.source->header);
}

/// A service import takes out the first Nats-Request-Info of exactly that spelling and appends its own; what
/// else a publisher wrote stays, and a block that he ends without CRLF swallows the server's line into his
/// last one (nats-server 2.9.10, client.go, removeHeaderIfPresent and setHeader). So the name may stand in
/// the block once only, anywhere. Streams take the server's header out before they store (stream.go,
/// processJetStreamMsg).
bool EnvelopeReader::State::isVouched(const Place& place, const Message& message) const
{
    const std::string& name = place.source->header;
    const std::size_t first = message.headers.find(name);
    const bool alone = first != std::string_view::npos &&
                       message.headers.find(name, first + name.size()) == std::string_view::npos;
    return !place.source->pattern.empty() && message.streamSeq == 0 && alone &&
           !scan.isRepeated(place.slot) && scan.writtenName(place.slot) == name &&
           subjectMatches(place.source->pattern, message.subjectName);
}

std::string_view EnvelopeReader::State::replacement(std::size_t place)
{
    // No digest of what has no token: a short secret (a password in Basic) could be guessed from it.
    // None past some: a message of a million tokens must not cost a million hashes.
    const Redaction& redaction = scan.redactions()[place];
    if (redaction.token.empty() || place >= kMaxDigests)
        return kRedacted;
    return identities.token(redaction.token).replacement;
}

std::string_view EnvelopeReader::State::redacted(std::string_view block, const Arena& arena)
{
    const std::vector<Redaction>& redactions = scan.redactions();
    std::size_t size = block.size();
    for (std::size_t i = 0; i < redactions.size(); ++i)
        size += replacement(i).size() - redactions[i].text.size();
    char* const room = arena(size);
    if (room == nullptr)
        return {};
    char* to = room;
    const auto copy = [&to](const char* from, std::size_t count) {
        std::memcpy(to, from, count);
        to += count;
    };
    const char* from = block.data();
    for (std::size_t i = 0; i < redactions.size(); ++i) {
        copy(from, static_cast<std::size_t>(redactions[i].text.data() - from));
        const std::string_view text = replacement(i);
        copy(text.data(), text.size());
        from = redactions[i].text.data() + redactions[i].text.size();
    }
    copy(from, static_cast<std::size_t>(block.data() + block.size() - from));
    return {room, size};
}

EnvelopeReader::EnvelopeReader(EnvelopeRules rules, std::shared_ptr<Names> names, TokenChecker checkToken,
                               Origin origin)
    : m_state(std::make_unique<State>(std::move(rules), std::move(names), std::move(checkToken), origin))
{
}

EnvelopeReader::~EnvelopeReader() = default;
EnvelopeReader::EnvelopeReader(EnvelopeReader&&) noexcept = default;
EnvelopeReader& EnvelopeReader::operator=(EnvelopeReader&&) noexcept = default;

void EnvelopeReader::expect(std::string_view subject) const
{
    m_state->names->subjects.expect(subject);
}

void EnvelopeReader::read(const RawMessage& raw, Message& out, const Arena& arena)
{
    State& state = *m_state;
    const std::uint64_t seq = out.seq;
    out = Message{};
    out.seq = seq;
    out.time = raw.time;
    out.stored = raw.stored;
    out.streamSeq = raw.streamSeq;
    out.subjectName = raw.subject;
    out.reply = raw.reply;
    out.payload = raw.payload;
    out.headers = raw.headers;
    out.headerSize = static_cast<std::uint32_t>(raw.headers.size());
    out.payloadSize = static_cast<std::uint32_t>(raw.payload.size());
    out.subject = state.names->subjects.intern(raw.subject);
    if (raw.headers.empty() && !state.readsSubjects)
        return;
    state.identities.settle();
    state.scan.run(raw.headers);
    state.readPop(out);
    state.readWorker(out);
    state.readTrace(out);
    state.readSent(out);
    state.readIdentity(out);
    if (!state.scan.redactions().empty())
        out.headers = state.redacted(raw.headers, arena);
}

} // namespace weir
