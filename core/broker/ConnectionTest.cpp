// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/broker/ConnectionTest.h"

#include "core/broker/NatsLink.h"
#include "core/broker/NatsOptions.h"
#include "core/broker/ServerProbe.h"
#include "core/broker/SubjectPattern.h"

#include <optional>

namespace weir {
namespace {

using Outcome = TestStep::Outcome;

constexpr std::chrono::milliseconds kRequestPatience{2000};

/// The steps in their order; once one failed, the rest is skipped.
class Walk
{
public:
    Walk(const ConnectionProfile& profile, const std::vector<std::string>& subjects, std::stop_token stop,
         const std::function<void(const TestStep&)>& onStep)
        : m_profile(profile),
          m_subjects(subjects.empty() ? profile.subjects : subjects),
          m_stop(std::move(stop)),
          m_onStep(onStep)
    {
    }

    std::vector<TestStep> run();

private:
    void add(const char* name, Outcome outcome, std::string detail, std::string hint = {});
    void step(const char* name, void (Walk::*walk)(const char*));
    bool failed(const char* name, const Error& error);
    void credentials(const char* name);
    void resolve(const char* name);
    void connect(const char* name);
    void greet(const char* name);
    void encrypt(const char* name);
    void authenticate(const char* name);
    void permissions(const char* name);
    void jetstream(const char* name);

    const ConnectionProfile& m_profile;
    const std::vector<std::string> m_subjects;
    const std::stop_token m_stop;
    const std::function<void(const TestStep&)>& m_onStep;
    std::vector<TestStep> m_steps;
    std::vector<HostPort> m_places;
    std::unique_ptr<ServerProbe> m_probe;
    std::string m_url; // the one that answers
    ServerGreeting m_greeting;
    std::unique_ptr<NatsLink> m_link;
    bool m_over = false;
};

void Walk::add(const char* name, Outcome outcome, std::string detail, std::string hint)
{
    m_over = m_over || outcome == Outcome::Failed;
    const TestStep& step = m_steps.emplace_back(TestStep{name, outcome, std::move(detail), std::move(hint)});
    if (m_onStep)
        m_onStep(step);
}

bool Walk::failed(const char* name, const Error& error)
{
    add(name, Outcome::Failed, error.what + ": " + error.why, error.hint);
    return true;
}

void Walk::step(const char* name, void (Walk::*walk)(const char*))
{
    if (m_stop.stop_requested())
        add(name, Outcome::Skipped, "cancelled");
    else if (m_over)
        add(name, Outcome::Skipped, "an earlier step failed");
    else
        (this->*walk)(name);
}

std::vector<TestStep> Walk::run()
{
    step("Credentials", &Walk::credentials);
    step("Name", &Walk::resolve);
    step("TCP", &Walk::connect);
    step("NATS", &Walk::greet);
    step("TLS", &Walk::encrypt);
    step("Authentication", &Walk::authenticate);
    step("Permissions", &Walk::permissions);
    step("JetStream", &Walk::jetstream);
    return std::move(m_steps);
}

void Walk::credentials(const char* name)
{
    const Result<NatsSetup> setup = natsOptionsFor(m_profile);
    if (!setup)
        return void(failed(name, setup.error()));
    std::string warnings;
    for (const std::string& warning : setup->warnings)
        warnings += (warnings.empty() ? "" : "; ") + warning;
    add(name, warnings.empty() ? Outcome::Ok : Outcome::Warning,
        warnings.empty() ? m_profile.credentialsForPeople() : warnings);
}

void Walk::resolve(const char* name)
{
    std::string found;
    std::optional<Error> problem;
    for (const std::string& url : m_profile.urls) {
        const Result<HostPort> where = hostPortOf(url);
        const Result<std::string> address =
            where ? ServerProbe(*where, m_stop).resolve() : Result<std::string>(where.error());
        m_places.push_back(where.value_or(HostPort{}));
        if (address)
            found += (found.empty() ? "" : "; ") + *address;
        else
            problem = address.error();
    }
    if (found.empty() && problem)
        return void(failed(name, *problem));
    if (problem)
        add(name, Outcome::Warning, found + "; " + problem->what + ": " + problem->why, problem->hint);
    else
        add(name, Outcome::Ok, found);
}

void Walk::connect(const char* name)
{
    std::optional<Error> problem;
    for (std::size_t i = 0; i < m_places.size() && !m_stop.stop_requested(); ++i) {
        m_probe = std::make_unique<ServerProbe>(m_places[i], m_stop, m_profile.connectTimeout);
        const Result<void> connected = m_probe->connect();
        if (!connected) {
            problem = connected.error();
            continue;
        }
        m_url = m_profile.urls[i];
        const std::string place = m_places[i].host + ":" + std::to_string(m_places[i].port);
        if (problem)
            return add(name, Outcome::Warning, place + " answers; " + problem->what + ": " + problem->why,
                       problem->hint);
        return add(name, Outcome::Ok, place + " answers");
    }
    failed(name, problem.value_or(Error{ErrorCode::Cancelled, "connecting", "cancelled", ""}));
}

void Walk::greet(const char* name)
{
    const Result<ServerGreeting> greeting = m_probe->greeting();
    if (!greeting)
        return void(failed(name, greeting.error()));
    m_greeting = *greeting;
    add(name, m_greeting.headers ? Outcome::Ok : Outcome::Warning,
        "nats-server " + m_greeting.version + (m_greeting.name.empty() ? "" : ", " + m_greeting.name) +
            (m_greeting.headers ? "" : ", without headers"));
}

void Walk::encrypt(const char* name)
{
    const bool wanted = m_profile.tlsRequired || !m_profile.caFile.empty() || !m_profile.certFile.empty() ||
                        m_url.starts_with("tls://");
    if (!m_greeting.tlsRequired && !m_greeting.tlsAvailable && wanted)
        return add(name, Outcome::Failed, "the profile asks for TLS, which this server does not offer",
                   "use a nats:// URL without CA and certificates, or configure TLS on the server");
    if (!m_greeting.tlsRequired && !wanted)
        return add(name, Outcome::Skipped,
                   "the connection is not encrypted: the server does not ask for TLS");
    const Result<std::string> encrypted = m_probe->encrypt(m_profile);
    if (!encrypted)
        return void(failed(name, encrypted.error()));
    if (!m_profile.tlsVerify)
        return add(name, Outcome::Warning, "encrypted, but the server's certificate is not verified",
                   "switch verification on again as soon as you can");
    add(name, Outcome::Ok, *encrypted);
}

void Walk::authenticate(const char* name)
{
    m_probe.reset();
    ConnectionProfile profile = m_profile;
    profile.urls = {m_url};
    Result<std::unique_ptr<NatsLink>> link = NatsLink::connect(profile, {}, [] {});
    if (!link)
        return void(failed(name, link.error()));
    m_link = *std::move(link);
    add(name, Outcome::Ok,
        m_greeting.authRequired ? "the server accepts " + m_profile.credentialsForPeople()
                                : "the server lets everyone in (" + m_profile.credentialsForPeople() + ")");
}

void Walk::permissions(const char* name)
{
    if (m_subjects.empty())
        return add(name, Outcome::Skipped, "no subjects are chosen yet");
    std::string refused;
    for (const std::string& subject : m_subjects) {
        if (const auto sound = withoutCovered({subject}); !sound)
            return void(failed(name, sound.error()));
        natsSubscription* raw = nullptr;
        const natsStatus status = natsConnection_SubscribeSync(&raw, m_link->handle(), subject.c_str());
        const NatsSubscriptionPtr owner(raw);
        // One message at the most is sent: this only asks whether the server lets us.
        if (status == NATS_OK)
            (void)natsSubscription_AutoUnsubscribe(raw, 1);
        const Result<Nanoseconds> answer = m_link->roundTrip(m_profile.connectTimeout);
        if (status != NATS_OK || !answer)
            return void(failed(name, status != NATS_OK ? natsError("subscribing to " + subject, status)
                                                       : answer.error()));
        if (m_link->refusedPermission().find('"' + subject + '"') != std::string::npos)
            refused += (refused.empty() ? "" : ", ") + subject;
    }
    if (!refused.empty())
        return add(name, Outcome::Failed, "the server does not let this user subscribe to " + refused,
                   "ask for the permission, or choose other subjects");
    add(name, Outcome::Ok, "all " + std::to_string(m_subjects.size()) + " subjects may be subscribed to");
}

void Walk::jetstream(const char* name)
{
    const std::string subject = m_profile.jetstreamApi() + ".INFO";
    natsMsg* raw = nullptr;
    const natsStatus status =
        natsConnection_RequestString(&raw, m_link->handle(), subject.c_str(), "", kRequestPatience.count());
    const NatsMsgPtr reply(raw);
    if (status == NATS_NO_RESPONDERS)
        return add(name, Outcome::Warning, "this account has no JetStream",
                   "streams cannot be captured without loss");
    if (const std::string refused = m_link->refusedPermission(); status != NATS_OK && !refused.empty())
        return add(name, Outcome::Warning, refused, "streams cannot be captured without this permission");
    if (status != NATS_OK)
        return add(name, Outcome::Warning, natsError("asking", status).why, "streams may not be available");
    const std::string_view body(natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw)));
    if (body.find("\"error\"") != std::string_view::npos)
        return add(name, Outcome::Warning, "JetStream is not enabled for this account",
                   "streams cannot be captured without loss");
    add(name, Outcome::Ok, "JetStream is available");
}

} // namespace

std::vector<TestStep> testConnection(const ConnectionProfile& profile,
                                     const std::vector<std::string>& subjects, std::stop_token stop,
                                     const std::function<void(const TestStep&)>& onStep)
{
    return Walk(profile, subjects, std::move(stop), onStep).run();
}

} // namespace weir
