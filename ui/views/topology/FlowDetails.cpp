// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/topology/FlowDetails.h"

#include "core/topology/FlowDiff.h"
#include "core/topology/FlowText.h"
#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/MessageTableModel.h"
#include "ui/theme/ThemeColors.h"
#include "ui/views/topology/FlowWords.h"
#include "ui/views/topology/TraceText.h"

#include <QEvent>
#include <QUrl>

namespace weir {
namespace {

/// A name of somebody else's, fit for HTML: nothing in it steers.
QString safe(const std::string& text)
{
    return shownName(text).toHtmlEscaped();
}

QString row(const QString& title, const QString& value)
{
    return QStringLiteral("<tr><td class=\"t\">%1</td><td>%2</td></tr>").arg(title, value);
}

QString linkTo(const QString& scheme, const QString& target, const QString& words)
{
    return QStringLiteral("<a href=\"%1:%2\">%3</a>")
        .arg(scheme, QString::fromUtf8(QUrl::toPercentEncoding(target)), words.toHtmlEscaped());
}

QString rateOf(const FlowEdge& edge)
{
    return edge.rate ? QString::fromStdString(flowRateText(edge.rate)) : FlowDetails::tr("rate not known");
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
        return safe(words);
    }
    return {};
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
    case FlowKind::Server:
    case FlowKind::LeafNode:
    case FlowKind::Account:
        return {};
    }
    return {};
}

FlowDetails::FlowDetails(QWidget* parent) : QTextBrowser(parent)
{
    setObjectName(QStringLiteral("flowDetails"));
    setAccessibleName(tr("What is known of the chosen part"));
    setOpenLinks(false);
    setFrameShape(QFrame::NoFrame);
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
        const QString target = QUrl::fromPercentEncoding(link.path(QUrl::FullyEncoded).toUtf8());
        if (link.scheme() == QLatin1String("node"))
            emit nodeChosen(target.toStdString());
        else if (link.scheme() == QLatin1String("messages"))
            emit messagesWanted(target);
        else if (link.scheme() == QLatin1String("latency"))
            emit latencyWanted(target);
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

void FlowDetails::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        render();
}

void FlowDetails::render()
{
    const ThemeColors& colors = ThemeColors::of(palette());
    const QString style =
        QStringLiteral("<style>td { padding: 1px 10px 1px 0; } .t, .m { color: %1; } a { color: %2; } "
                       ".w { color: %3; font-weight: 600; } h3 { margin: 8px 0 2px 0; }</style>")
            .arg(colors.muted.name(), colors.accent.name(), colors.warning.name());
    QString body;
    const auto index = m_node ? m_graph->find(*m_node) : std::nullopt;
    if (index) {
        body = nodeText(m_graph->nodes[*index], *index);
    } else if (m_node) {
        body = tr("<p>This part is not in the range that is shown.</p>");
    } else if (m_edge) {
        const auto from = m_graph->find(m_edge->first);
        const auto to = m_graph->find(m_edge->second);
        for (const FlowEdge& edge : m_graph->edges) {
            if (from && to && edge.from == *from && edge.to == *to)
                body = edgeText(edge);
        }
    } else {
        body = summary();
    }
    const QString html = style + body;
    if (html == property("shown").toString())
        return; // a reader who scrolls or selects is left alone
    setProperty("shown", html);
    setHtml(html);
}

QString FlowDetails::lineRow(const FlowEdge& edge, std::uint32_t other) const
{
    const FlowNode& node = m_graph->nodes[other];
    return QStringLiteral("<tr><td><a href=\"node:%1\">%2</a> <span class=\"m\">%3</span></td><td "
                          "align=\"right\">%4</td></tr>")
        .arg(QString::fromUtf8(QUrl::toPercentEncoding(QString::fromStdString(node.id))),
             safe(flowNodeLabel(node)), flowKindTitle(node.kind), rateOf(edge));
}

QString FlowDetails::nodeText(const FlowNode& node, std::uint32_t index) const
{
    QString text = QStringLiteral("<p class=\"m\">%1</p><h2>%2</h2>")
                       .arg(flowKindTitle(node.kind), safe(flowNodeLabel(node)));
    for (const FlowFinding& finding : m_graph->findings) {
        if (finding.node == node.id)
            text +=
                QStringLiteral("<p><span class=\"w\">⚠ %1</span><br>%2<br><span class=\"m\">%3</span></p>")
                    .arg(safe(finding.what), safe(finding.evidence), safe(finding.advice));
    }
    if (node.change != FlowChange::Same)
        text += QStringLiteral("<p>%1</p>").arg(changeText(node.change, {}));
    const FlowFigures figures = m_figures ? m_figures(index) : FlowFigures();
    QStringList links;
    if (const QString term = flowTerm(node); !term.isEmpty())
        links += linkTo(QStringLiteral("messages"), term, tr("Show its messages"));
    if (!figures.latencyOf.isEmpty())
        links += linkTo(QStringLiteral("latency"), figures.latencyOf, tr("Show its latency"));
    if (!links.isEmpty())
        text += QStringLiteral("<p>%1</p>").arg(links.join(QStringLiteral("<br>")));
    text += figuresText(figures);
    if (!node.facts.empty()) {
        text += QStringLiteral("<table>");
        for (const auto& [name, value] : node.facts)
            text += row(safe(name), safe(value));
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
        text += row(title.toHtmlEscaped(), value.toHtmlEscaped());
    if (!text.isEmpty())
        text = QStringLiteral("<table>%1</table>").arg(text);
    QString connections;
    for (const FlowFigures::Connection& each : figures.connections) {
        const auto other = m_graph->find(each.node);
        if (!other)
            continue;
        connections +=
            QStringLiteral("<tr><td>%1 <span class=\"m\">%2</span></td><td%3>%4</td></tr>")
                .arg(linkTo(QStringLiteral("node"), QString::fromStdString(each.node),
                            shownName(flowNodeLabel(m_graph->nodes[*other]))),
                     each.what.toHtmlEscaped(), each.slow ? QStringLiteral(" class=\"w\"") : QString(),
                     each.value.toHtmlEscaped());
    }
    if (!connections.isEmpty())
        text += QStringLiteral("<h3>%1</h3><table>%2</table>").arg(tr("Connected to"), connections);
    QStringList others;
    for (const std::string& id : figures.alsoHere) {
        if (const auto other = m_graph->find(id))
            others += linkTo(QStringLiteral("node"), QString::fromStdString(id),
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
    QString text =
        QStringLiteral("<h2>%1 → %2</h2><table>").arg(safe(flowNodeLabel(from)), safe(flowNodeLabel(to)));
    text += row(tr("How it is known"), basisOf(edge.basis) + QStringLiteral("<br><span class=\"m\">") +
                                           safe(edge.because) + QStringLiteral("</span>"));
    text += row(tr("Rate"), rateOf(edge));
    if (m_graph->against)
        text += row(tr("Since the earlier range"), changeText(edge.change, changeInWords(edge)));
    if (edge.messages)
        text += row(tr("Messages"), fullCount(*edge.messages));
    if (edge.errors > 0)
        text += row(tr("Errors"), fullCount(edge.errors));
    if (edge.p99 != kNoDuration)
        text += row(tr("Latency p50"), QString::fromStdString(formatDuration(edge.p50))) +
                row(tr("Latency p99"), QString::fromStdString(formatDuration(edge.p99)));
    if (edge.firstSeen != kNoTime)
        text += row(tr("First seen"), formatLocal(edge.firstSeen)) +
                row(tr("Last seen"), formatLocal(edge.lastSeen));
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
        text += QStringLiteral("<p>%1</p>").arg(safe(changes[i]));
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
        text += QStringLiteral("<p><span class=\"w\">⚠</span> <a href=\"node:%1\">%2</a><br>%3</p>")
                    .arg(QString::fromUtf8(QUrl::toPercentEncoding(QString::fromStdString(finding.node))),
                         safe(finding.what), safe(finding.evidence));
    if (!m_graph->coverage.empty())
        text += QStringLiteral("<h3>%1</h3>").arg(tr("What it rests on"));
    for (const std::string& line : m_graph->coverage)
        text += QStringLiteral("<p class=\"m\">%1</p>").arg(safe(line));
    return text.isEmpty() ? QStringLiteral("<p class=\"m\">%1</p>")
                                .arg(tr("Choose a part of the picture to see what is known of it."))
                          : text;
}

} // namespace weir
