// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BrokerOptions.h"

#include "app/cli/Cli.h"
#include "core/broker/NatsContexts.h"
#include "core/broker/ProfileStore.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace weir::cli {

void BrokerOptions::addTo(CLI::App& app)
{
    app.add_option("--context", context,
                   "A context of the nats CLI, or a profile of Weir's own; without it and --server the "
                   "context that is selected (nats context select)")
        ->type_name("NAME");
    app.add_option("--server", server, "The broker, e.g. nats://127.0.0.1:4222 or tls://…")->type_name("URL");
    app.add_option("--creds", creds, "A NATS credentials file")->type_name("FILE");
    app.add_option("--monitor", monitors,
                   "A server's monitoring port, e.g. http://127.0.0.1:8222, which tells who is connected and "
                   "consumes; may be repeated")
        ->type_name("URL")
        ->allow_extra_args(false);
    app.add_option(
           "--system-creds", systemCreds,
           "Credentials of a user of the system account, through whom all servers tell the same, and when "
           "something changes")
        ->type_name("FILE");
}

Result<LoadedProfile> loadProfile(const std::string& name)
{
    const ProfileStore store;
    const std::vector<std::string> own = store.list();
    const NatsContexts contexts;
    const std::vector<std::string> theirs = contexts.list();
    const bool isOwn = std::find(own.begin(), own.end(), name) != own.end();
    const bool isTheirs = std::find(theirs.begin(), theirs.end(), name) != theirs.end();
    return isOwn && !isTheirs ? store.load(name) : contexts.load(name);
}

Result<ConnectionProfile> BrokerOptions::profile() const
{
    ConnectionProfile profile;
    if (!context.empty() || server.empty()) {
        auto loaded = loadProfile(context);
        if (!loaded)
            return loaded.error();
        for (const std::string& warning : loaded->warnings)
            remark(warning);
        profile = std::move(loaded->profile);
    }
    if (!server.empty())
        profile.urls = {server};
    if (!creds.empty())
        profile.credsFile = creds;
    if (!systemCreds.empty())
        profile.systemCreds = systemCreds;
    if (!monitors.empty())
        profile.monitorUrl.clear();
    for (const std::string& url : monitors)
        profile.monitorUrl += (profile.monitorUrl.empty() ? "" : ",") + url;
    if (profile.name.empty())
        profile.name = profile.urlsForPeople();
    return profile;
}

} // namespace weir::cli
