// SPDX-License-Identifier: GPL-3.0-or-later
// A credential as JSON.
#include "core/capture/JsonFields.h"
#include "core/topology/CredentialUse.h"

namespace weir {
namespace {

void addRights(JsonFields& fields, const UserPermissions& rights)
{
    fields.texts("publish_allow", rights.publishAllow);
    fields.texts("publish_deny", rights.publishDeny);
    fields.texts("subscribe_allow", rights.subscribeAllow);
    fields.texts("subscribe_deny", rights.subscribeDeny);
}

void addConnection(JsonFields& fields, const CredentialConnection& each)
{
    fields.text("server", each.server);
    fields.count("cid", each.cid);
    fields.text("client", each.client);
    fields.text("address", each.address);
    fields.text("library", each.library);
    fields.time("issued", each.issued);
    fields.time("expires", each.expires);
    fields.time("since", each.start);
    fields.time("gone", each.gone);
    fields.count("subscriptions", each.subscriptions);
    fields.number("published_rate", each.published);
    fields.number("taken_rate", each.taken);
}

void addVisit(JsonFields& fields, const SeenVisit& visit)
{
    fields.text("client", visit.name);
    fields.text("host", visit.host);
    fields.time("from", visit.start);
    fields.time("to", visit.stop);
    fields.text("reason", visit.reason);
}

void addRefusal(JsonFields& fields, const SeenAuthError& error)
{
    fields.text("client", error.name);
    fields.text("host", error.host);
    fields.text("reason", error.reason);
    fields.count("times", error.times);
    fields.time("first", error.first);
    fields.time("last", error.last);
}

} // namespace

std::string credentialJson(const CredentialUse& use)
{
    std::string out;
    const auto each = [&out](const auto& add) {
        return [&out, add](const auto& one) {
            JsonFields fields(out);
            add(fields, one);
        };
    };
    {
        JsonFields fields(out);
        fields.text("name", use.name);
        fields.text("nkey", use.nkey);
        fields.text("account", use.account);
        fields.text("account_id", use.accountId);
        fields.truth("system", use.isSystem);
        fields.text("state", credentialStateName(use.state));
        fields.text("reason", use.reason);
        fields.truth("jwt", use.hasJwt);
        fields.time("issued", use.issued);
        fields.time("expires", use.expires);
        if (use.hasJwt)
            addRights(fields, use.permissions);
        fields.count("connected", use.present);
        fields.count("connected_older", use.older);
        fields.number("published_rate", use.published);
        fields.number("taken_rate", use.taken);
        fields.list("connections", use.connections, each(addConnection));
        fields.list("visits", use.visits, each(addVisit));
        fields.list("refusals", use.refusals, each(addRefusal));
    }
    return out;
}

} // namespace weir
