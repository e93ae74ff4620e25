// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowDetails.h"

#include "core/topology/CredentialFacts.h"
#include "core/topology/FlowDiff.h"
#include "core/topology/FlowPolicy.h"
#include "core/topology/FlowText.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/views/topology/FlowWords.h"
#include "ui/views/topology/TraceText.h"

#include <QUrl>

namespace weir {
namespace {

QString rateOf(const FlowEdge& edge)
{
    return edge.rate ? QString::fromStdString(flowRateText(edge.rate)) : FlowDetails::tr("rate not known");
}

QString bytesOf(const FlowEdge& edge)
{
    const QString all = shortBytes(static_cast<double>(edge.bytes));
    return edge.bytesRate ? FlowDetails::tr("%1, %2/s").arg(all, shortBytes(*edge.bytesRate)) : all;
}

QString basisOf(FlowBasis basis)
{
    switch (basis) {
    case FlowBasis::Observed:
        return FlowDetails::tr("observed");
    case FlowBasis::Declared:
        return FlowDetails::tr("declared by the broker");
    case FlowBasis::Inferred:
        return FlowDetails::tr("inferred");
    case FlowBasis::Traced:
        return FlowDetails::tr("traced");
    }
    return {};
}

QString changeText(FlowChange change, const std::string& words)
{
    switch (change) {
    case FlowChange::Same:
        return FlowDetails::tr("as it was");
    case FlowChange::Appeared:
        return FlowDetails::tr("new: it was not there");
    case FlowChange::Vanished:
        return FlowDetails::tr("gone: its figures are of then");
    case FlowChange::Changed:
        return detailsName(words);
    }
    return {};
}

/// What was found, and the way to the part that it is about.
QString headOf(const FlowFinding& finding)
{
    if (!finding.node.empty())
        return detailsLink(QStringLiteral("node"), toText(finding.node), shownName(finding.what));
    if (finding.kind == kAuthError)
        return detailsLink(QStringLiteral("credential"), {}, shownName(finding.what));
    return QStringLiteral("<b>%1</b>").arg(detailsName(finding.what));
}

} // namespace

QString flowTerm(const FlowNode& node)
{
    if (node.name.empty() || (node.together > 1 && node.kind != FlowKind::SubjectGroup))
        return {};
    const QString name = toText(node.name);
    switch (node.kind) {
    case FlowKind::Pop:
        return filterTerm(QStringLiteral("pop"), name);
    case FlowKind::Worker:
        return filterTerm(QStringLiteral("worker"), name);
    case FlowKind::Identity:
        return filterTerm(QStringLiteral("identity"), name);
    case FlowKind::SubjectGroup:
        return filterTerm(QStringLiteral("subject"), name);
    case FlowKind::Stream:
    case FlowKind::Consumer:
    case FlowKind::QueueGroup:
    case FlowKind::Client:
    case FlowKind::Region:
    case FlowKind::Cluster:
    case FlowKind::Gateway:
    case FlowKind::Server:
    case FlowKind::LeafNode:
    case FlowKind::Account:
        return {};
    }
    return {};
}

QString latencyPop(const FlowNode& node, const FlowFigures& figures)
{
    const bool isPop = node.kind == FlowKind::Pop && !flowTerm(node).isEmpty();
    return figures.latencyOf.isEmpty() && isPop ? toText(node.name) : figures.latencyOf;
}

QString credentialOf(const FlowNode& node)
{
    const auto nkey = std::find_if(node.facts.begin(), node.facts.end(),
                                   [](const auto& fact) { return fact.first == kNkeyFact; });
    const auto user = std::find_if(node.facts.begin(), node.facts.end(),
                                   [](const auto& fact) { return fact.first == kUserFact; });
    return nkey != node.facts.end()   ? toText(nkey->second)
           : user != node.facts.end() ? toText(user->second)
                                      : QString();
}

FlowDetails::FlowDetails(QWidget* parent) : DetailsText(parent)
{
    setObjectName(QStringLiteral("flowDetails"));
    setAccessibleName(tr("What is known of the chosen part"));
    connect(this, &DetailsText::linkChosen, this, [this](const QString& scheme, const QString& target) {
        if (scheme == QLatin1String("node"))
            emit nodeChosen(target.toStdString());
        else if (scheme == QLatin1String("messages"))
            emit messagesWanted(target);
        else if (scheme == QLatin1String("latency"))
            emit latencyWanted(target);
        else if (scheme == QLatin1String("latencyof"))
            emit latencyOfWanted(target);
        else if (scheme == QLatin1String("credential"))
            emit credentialWanted(target);
    });
    render();
}

void FlowDetails::setGraph(std::shared_ptr<const FlowGraph> graph, Figures figures)
{
    m_graph = std::move(graph);
    m_figures = std::move(figures);
    render();
}

void FlowDetails::setTraced(const std::optional<TracedWay>& traced)
{
    m_traced = traced;
    render();
}

void FlowDetails::showNode(const std::optional<std::string>& id)
{
    m_node = id;
    m_edge.reset();
    render();
}

void FlowDetails::showEdge(const std::string& from, const std::string& to)
{
    m_node.reset();
    m_edge = {from, to};
    render();
}

QString FlowDetails::body() const
{
    const auto index = m_node ? m_graph->find(*m_node) : std::nullopt;
    if (index)
        return nodeText(m_graph->nodes[*index], *index);
    if (m_node)
        return tr("<p>This part is not in the range that is shown.</p>");
    if (!m_edge)
        return summary();
    const auto from = m_graph->find(m_edge->first);
    const auto to = m_graph->find(m_edge->second);
    for (const FlowEdge& edge : m_graph->edges) {
        if (from && to && edge.from == *from && edge.to == *to)
            return edgeText(edge);
    }
    return {};
}

QString FlowDetails::lineRow(const FlowEdge& edge, std::uint32_t other) const
{
    const FlowNode& node = m_graph->nodes[other];
    return QStringLiteral("<tr><td><a href=\"node:%1\">%2</a> <span class=\"m\">%3</span></td><td "
                          "align=\"right\">%4</td></tr>")
        .arg(QString::fromUtf8(QUrl::toPercentEncoding(QString::fromStdString(node.id))),
             detailsName(flowNodeLabel(node)), flowKindTitle(node.kind), rateOf(edge));
}

QString FlowDetails::nodeText(const FlowNode& node, std::uint32_t index) const
{
    QString text = QStringLiteral("<p class=\"m\">%1</p><h2>%2</h2>")
                       .arg(flowKindTitle(node.kind), detailsName(flowNodeLabel(node)));
    for (const FlowFinding& finding : m_graph->findings) {
        if (finding.node == node.id)
            text +=
                QStringLiteral("<p><span class=\"w\">⚠ %1</span><br>%2<br><span class=\"m\">%3</span></p>")
                    .arg(detailsName(finding.what), detailsName(finding.evidence),
                         detailsName(finding.advice));
    }
    if (node.change != FlowChange::Same)
        text += QStringLiteral("<p>%1</p>").arg(changeText(node.change, {}));
    const FlowFigures figures = m_figures ? m_figures(index) : FlowFigures();
    QStringList links;
    if (const QString term = flowTerm(node); !term.isEmpty())
        links += detailsLink(QStringLiteral("messages"), term, tr("Show its messages"));
    if (const QString pop = latencyPop(node, figures); !pop.isEmpty())
        links += detailsLink(QStringLiteral("latency"), pop, tr("Show its latency"));
    else if (const QString term = flowTerm(node); !term.isEmpty())
        links += detailsLink(QStringLiteral("latencyof"), term, tr("Show its latency"));
    if (const QString user = credentialOf(node); !user.isEmpty())
        links += detailsLink(QStringLiteral("credential"), user, tr("Show its credential"));
    if (!links.isEmpty())
        text += QStringLiteral("<p>%1</p>").arg(links.join(QStringLiteral("<br>")));
    text += figuresText(figures);
    if (!node.facts.empty()) {
        text += QStringLiteral("<table>");
        for (const auto& [name, value] : node.facts)
            text += detailsRow(detailsName(name), detailsName(value));
        text += QStringLiteral("</table>");
    }
    if (m_traced && m_traced->way && m_traced->node == node.id)
        text += traceHtml(*m_traced->way);
    QString in;
    QString out;
    for (const FlowEdge& edge : m_graph->edges) {
        if (!figures.connections.empty())
            break;
        if (edge.to == index)
            in += lineRow(edge, edge.from);
        if (edge.from == index)
            out += lineRow(edge, edge.to);
    }
    if (!in.isEmpty())
        text += QStringLiteral("<h3>%1</h3><table>%2</table>").arg(tr("From"), in);
    if (!out.isEmpty())
        text += QStringLiteral("<h3>%1</h3><table>%2</table>").arg(tr("To"), out);
    return text;
}

QString FlowDetails::figuresText(const FlowFigures& figures) const
{
    QString text;
    for (const auto& [title, value] : figures.rows)
        text += detailsRow(title.toHtmlEscaped(), value.toHtmlEscaped());
    if (!text.isEmpty())
        text = QStringLiteral("<table>%1</table>").arg(text);
    QString connections;
    for (const FlowFigures::Connection& each : figures.connections) {
        const auto other = m_graph->find(each.node);
        if (!other)
            continue;
        connections +=
            QStringLiteral("<tr><td>%1 <span class=\"m\">%2</span></td><td%3>%4</td></tr>")
                .arg(detailsLink(QStringLiteral("node"), QString::fromStdString(each.node),
                                 shownName(flowNodeLabel(m_graph->nodes[*other]))),
                     each.what.toHtmlEscaped(), each.slow ? QStringLiteral(" class=\"w\"") : QString(),
                     each.value.toHtmlEscaped());
    }
    if (!connections.isEmpty())
        text += QStringLiteral("<h3>%1</h3><table>%2</table>").arg(tr("Connected to"), connections);
    QStringList others;
    for (const std::string& id : figures.alsoHere) {
        if (const auto other = m_graph->find(id))
            others += detailsLink(QStringLiteral("node"), QString::fromStdString(id),
                                  shownName(flowNodeLabel(m_graph->nodes[*other])));
    }
    if (!others.isEmpty())
        text += QStringLiteral("<h3>%1</h3><p>%2</p>")
                    .arg(tr("Drawn together with"), others.join(QStringLiteral(", ")));
    return text;
}

QString FlowDetails::edgeText(const FlowEdge& edge) const
{
    const FlowNode& from = m_graph->nodes[edge.from];
    const FlowNode& to = m_graph->nodes[edge.to];
    QString text = QStringLiteral("<h2>%1 → %2</h2><table>")
                       .arg(detailsName(flowNodeLabel(from)), detailsName(flowNodeLabel(to)));
    text += detailsRow(tr("How it is known"), basisOf(edge.basis) + QStringLiteral("<br><span class=\"m\">") +
                                                  detailsName(edge.because) + QStringLiteral("</span>"));
    text += detailsRow(tr("Rate"), rateOf(edge));
    if (m_graph->against)
        text += detailsRow(tr("Since the earlier range"), changeText(edge.change, changeInWords(edge)));
    if (edge.messages)
        text +=
            detailsRow(tr("Messages"), fullCount(*edge.messages)) + detailsRow(tr("Bytes"), bytesOf(edge));
    if (edge.errors > 0)
        text += detailsRow(tr("Errors"), fullCount(edge.errors));
    if (edge.p99 != kNoDuration)
        text += detailsRow(tr("Latency p50"), QString::fromStdString(formatDuration(edge.p50))) +
                detailsRow(tr("Latency p99"), QString::fromStdString(formatDuration(edge.p99)));
    if (edge.firstSeen != kNoTime)
        text += detailsRow(tr("First seen"), formatLocal(edge.firstSeen)) +
                detailsRow(tr("Last seen"), formatLocal(edge.lastSeen));
    return text + QStringLiteral("</table>");
}

/// What became of all of it since the earlier range.
QString FlowDetails::changesText() const
{
    if (!m_graph->against)
        return {};
    constexpr std::size_t kMost = 60;
    QString text = QStringLiteral("<h3>%1</h3><p class=\"m\">%2</p>")
                       .arg(tr("What changed"),
                            tr("since %1 – %2")
                                .arg(formatLocal(m_graph->against->from), formatLocal(m_graph->against->to)));
    const std::vector<std::string> changes = changesInWords(*m_graph);
    for (std::size_t i = 0; i < std::min(kMost, changes.size()); ++i)
        text += QStringLiteral("<p>%1</p>").arg(detailsName(changes[i]));
    if (changes.size() > kMost)
        text += QStringLiteral("<p class=\"m\">%1</p>").arg(tr("and %1 more").arg(changes.size() - kMost));
    if (changes.empty())
        text +=
            QStringLiteral("<p>%1</p>").arg(tr("Nothing appeared, vanished or changed more than chance."));
    return text;
}

QString FlowDetails::summary() const
{
    QString text = changesText();
    if (!m_graph->findings.empty())
        text += QStringLiteral("<h3>%1</h3>").arg(tr("Asks for a look"));
    for (const FlowFinding& finding : m_graph->findings)
        text += QStringLiteral("<p><span class=\"w\">⚠</span> %1<br>%2<br><span class=\"m\">%3</span></p>")
                    .arg(headOf(finding), detailsName(finding.evidence), detailsName(finding.advice));
    if (!m_graph->coverage.empty())
        text += QStringLiteral("<h3>%1</h3>").arg(tr("What it rests on"));
    for (const std::string& line : m_graph->coverage)
        text += QStringLiteral("<p class=\"m\">%1</p>").arg(detailsName(line));
    return text.isEmpty() ? QStringLiteral("<p class=\"m\">%1</p>")
                                .arg(tr("Choose a part of the picture to see what is known of it."))
                          : text;
}

} // namespace weir
