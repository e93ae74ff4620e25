// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/TraceText.h"

#include "ui/models/Format.h"
#include "ui/views/DetailsText.h"

#include <QCoreApplication>

namespace weir {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("weir::TraceText", text);
}

QString since(const MessageWay& way, Timestamp time)
{
    return time == kNoTime || way.hops.front().time == kNoTime ? QString()
                                                               : formatLatency(time - way.hops.front().time);
}

QString row(const QString& what, const QString& when, const std::string& error)
{
    const QString wrong =
        error.empty() ? QString()
                      : QStringLiteral("<br><span class=\"w\">\u26a0 %1</span>").arg(detailsName(error));
    return QStringLiteral("<tr><td>%1%2</td><td align=\"right\" class=\"m\">%3</td></tr>")
        .arg(what, wrong, when);
}

QString egressText(const TraceEgress& egress)
{
    QString text = QString::fromStdString(egress.kind) + QLatin1Char(' ') + detailsName(egress.name);
    if (!egress.queue.empty())
        text += tr(", of queue group %1").arg(detailsName(egress.queue));
    if (!egress.subscription.empty())
        text += QStringLiteral(" <span class=\"m\">%1</span>").arg(detailsName(egress.subscription));
    return text;
}

QString hopHtml(const MessageWay& way, const TraceHop& hop)
{
    QString text = QStringLiteral("<p><b>%1</b> <span class=\"m\">%2</span></p><table>")
                       .arg(detailsName(hop.server), tr("nats-server %1").arg(detailsName(hop.version)));
    text += row(tr("from %1 %2").arg(QString::fromStdString(hop.kind), detailsName(hop.name)),
                since(way, hop.time), hop.error);
    for (const std::string& mapping : hop.mappings)
        text += row(detailsName(mapping), {}, {});
    if (hop.stream)
        text +=
            row(hop.stream->noInterest ? tr("stream %1: nobody wants it").arg(detailsName(hop.stream->name))
                                       : tr("stream %1").arg(detailsName(hop.stream->name)),
                since(way, hop.stream->time), hop.stream->error);
    for (const TraceEgress& egress : hop.egresses)
        text += row(QStringLiteral("\u2192 ") + egressText(egress), since(way, egress.time), egress.error);
    if (hop.egresses.empty() && !hop.stream && hop.error.empty())
        text += row(tr("nobody here takes it"), {}, {});
    return text + QStringLiteral("</table>");
}

} // namespace

QString traceHtml(const MessageWay& way)
{
    QString text =
        QStringLiteral("<h3>%1</h3><p class=\"m\">%2</p>")
            .arg(tr("The way of a probe"),
                 tr("To %1, sent %2, delivered to nobody. Times count from the first server; their "
                    "clocks may differ.")
                     .arg(detailsName(way.subject), formatLocal(way.time).toHtmlEscaped()));
    for (const TraceHop& hop : way.hops)
        text += hopHtml(way, hop);
    for (const std::string& lack : way.lacks)
        text += QStringLiteral("<p><span class=\"w\">\u26a0</span> %1</p>").arg(detailsName(lack));
    return text;
}

} // namespace weir
