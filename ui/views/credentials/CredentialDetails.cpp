// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/credentials/CredentialDetails.h"

#include "core/topology/CredentialFacts.h"
#include "ui/models/CredentialsModel.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/TimeText.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kMost = 40; // of each list

QString section(const QString& title, const QStringList& parts, std::size_t all)
{
    if (parts.isEmpty())
        return {};
    QString text = QStringLiteral("<h3>%1</h3>").arg(title.toHtmlEscaped());
    for (const QString& part : parts)
        text += QStringLiteral("<p>%1</p>").arg(part);
    if (all > kMost)
        text += QStringLiteral("<p class=\"m\">%1</p>")
                    .arg(CredentialDetails::tr("and %1 more").arg(all - kMost));
    return text;
}

QString muted(const QStringList& words)
{
    return QStringLiteral("<br><span class=\"m\">%1</span>").arg(words.join(QStringLiteral(" · ")));
}

QString visitText(const SeenVisit& visit)
{
    const QString who =
        visit.name.empty() ? CredentialDetails::tr("a client without a name") : detailsName(visit.name);
    return who +
           muted({CredentialDetails::tr("%1 – %2").arg(clockText(visit.start, true, true),
                                                       clockText(visit.stop, false, true)),
                  CredentialDetails::tr("from %1").arg(detailsName(visit.host)), detailsName(visit.reason)});
}

QString refusalText(const SeenAuthError& error)
{
    const QString who =
        error.name.empty() ? CredentialDetails::tr("a client without a name") : detailsName(error.name);
    return QStringLiteral("<span class=\"w\">⚠ %1</span> %2").arg(detailsName(error.reason), who) +
           muted({error.times == 1 ? CredentialDetails::tr("once")
                                   : CredentialDetails::tr("%1 times").arg(fullCount(error.times)),
                  CredentialDetails::tr("last %1").arg(clockText(error.last, true)),
                  CredentialDetails::tr("from %1").arg(detailsName(error.host))});
}

template<typename All, typename Words>
QStringList each(const All& all, const Words& words)
{
    QStringList parts;
    for (std::size_t i = 0; i < std::min(kMost, all.size()); ++i)
        parts += words(all[i]);
    return parts;
}

} // namespace

CredentialDetails::CredentialDetails(QWidget* parent) : DetailsText(parent)
{
    setObjectName(QStringLiteral("credentialDetails"));
    setAccessibleName(tr("What is known of the chosen credential"));
    connect(this, &DetailsText::linkChosen, this, [this](const QString& scheme, const QString& target) {
        if (scheme == QLatin1String("messages"))
            emit messagesWanted(target);
        else if (scheme == QLatin1String("topology"))
            emit topologyWanted(target);
    });
    render();
}

void CredentialDetails::show(std::shared_ptr<const CredentialList> list, const QString& id)
{
    m_list = std::move(list);
    m_id = id;
    render();
}

QString CredentialDetails::body() const
{
    if (m_id.isEmpty())
        return summary();
    const auto use =
        std::find_if(m_list->uses.begin(), m_list->uses.end(),
                     [this](const CredentialUse& each) { return QString::fromStdString(each.id) == m_id; });
    return use != m_list->uses.end() ? useText(*use)
                                     : tr("<p>This credential is not in the range that is shown.</p>");
}

QString CredentialDetails::connectionText(const CredentialUse& use, const CredentialConnection& each) const
{
    QString who = each.client.empty() ? tr("a client without a name") : detailsName(each.client);
    if (each.gone != kNoTime)
        who += QStringLiteral(" <span class=\"m\">%1</span>")
                   .arg(tr("gone, last seen %1").arg(clockText(each.gone, true)));
    else if (each.issued != kNoTime && each.issued < use.issued)
        who += QStringLiteral(" <span class=\"w\">⚠ %1</span>")
                   .arg(tr("older: issued %1").arg(distanceText(each.issued, m_list->to)));
    QStringList words{tr("at %1").arg(detailsName(each.server))};
    if (!each.address.empty())
        words += detailsName(each.address);
    if (!each.library.empty())
        words += detailsName(each.library);
    if (each.start != kNoTime)
        words += tr("since %1").arg(clockText(each.start, true));
    if (each.published)
        words += tr("publishes %1").arg(shortRate(*each.published));
    if (each.taken)
        words += tr("takes %1").arg(shortRate(*each.taken));
    if (each.subscriptions > 0)
        words += each.subscriptions == 1 ? tr("1 subscription")
                                         : tr("%1 subscriptions").arg(fullCount(each.subscriptions));
    return who + muted(words);
}

QString CredentialDetails::useText(const CredentialUse& use) const
{
    QString text = QStringLiteral("<p class=\"m\">%1</p><h2>%2</h2>")
                       .arg(use.isSystem ? tr("Credential of the servers' own account") : tr("Credential"),
                            credentialTitle(use).toHtmlEscaped());
    if (asksForALook(use.state))
        text += QStringLiteral("<p><span class=\"w\">⚠ %1</span><br>%2</p>")
                    .arg(credentialStateWord(use.state), detailsName(use.reason));
    if (const QString name = toText(use.name); !name.isEmpty())
        text += QStringLiteral("<p>%1<br>%2</p>")
                    .arg(detailsLink(QStringLiteral("messages"), name, tr("Show messages of this identity")),
                         detailsLink(QStringLiteral("topology"), name, tr("Find it in the topology")));
    text += QStringLiteral("<table>");
    if (!use.account.empty())
        text += detailsRow(tr("Account"), detailsName(use.account));
    if (!use.nkey.empty())
        text += detailsRow(tr("Public nkey"), detailsName(use.nkey));
    if (use.issued != kNoTime)
        text += detailsRow(tr("Issued"), QStringLiteral("%1, %2").arg(clockText(use.issued, true),
                                                                      distanceText(use.issued, m_list->to)));
    if (use.hasJwt) {
        text +=
            detailsRow(tr("Ends"), use.expires == kNoTime
                                       ? tr("never")
                                       : QStringLiteral("%1, %2").arg(clockText(use.expires, true),
                                                                      distanceText(use.expires, m_list->to)));
        const UserPermissions& rights = use.permissions;
        text += detailsRow(tr("May publish to"),
                           detailsName(rightsText(rights.publishAllow, rights.publishDeny)));
        text += detailsRow(tr("May subscribe to"),
                           detailsName(rightsText(rights.subscribeAllow, rights.subscribeDeny)));
    }
    text += QStringLiteral("</table>");
    if (!use.hasJwt && !use.accountId.empty())
        text += QStringLiteral("<p class=\"m\">%1</p>")
                    .arg(tr("No JWT tells when it was issued, when it ends or what it allows: its servers' "
                            "configuration does, which they do not show."));
    text += section(tr("Not let in"), each(use.refusals, refusalText), use.refusals.size());
    text += section(
        tr("Connections"),
        each(use.connections, [&](const CredentialConnection& one) { return connectionText(use, one); }),
        use.connections.size());
    return text + section(tr("Came and went"), each(use.visits, visitText), use.visits.size());
}

QString CredentialDetails::summary() const
{
    QString text;
    for (const CredentialUse& use : m_list->uses) {
        if (asksForALook(use.state))
            text += QStringLiteral("<p><span class=\"w\">⚠ %1: %2</span><br>%3</p>")
                        .arg(credentialTitle(use).toHtmlEscaped(), credentialStateWord(use.state),
                             detailsName(use.reason));
    }
    if (!text.isEmpty())
        text.prepend(QStringLiteral("<h3>%1</h3>").arg(tr("Asks for a look")));
    text +=
        QStringLiteral("<h3>%1</h3><p class=\"m\">%2</p>")
            .arg(tr("What it rests on"),
                 tr("What the servers tell of their connections: who is connected, with which JWT, and what "
                    "that allows. A credential that nobody used in this range is not here; secrets never "
                    "are."));
    for (const std::string& line : m_list->coverage)
        text += QStringLiteral("<p class=\"m\">%1</p>").arg(detailsName(line));
    return text;
}

} // namespace weir
