// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/TopologyPage.h"

#include "core/topology/FlowText.h"
#include "ui/dialogs/CompareDialog.h"
#include "ui/models/ViewState.h"
#include "ui/views/EmptyState.h"
#include "ui/views/topology/FlowDetails.h"
#include "ui/views/topology/FlowDraft.h"
#include "ui/views/topology/FlowDrawing.h"
#include "ui/views/topology/FlowTracing.h"
#include "ui/views/topology/GraphView.h"
#include "ui/views/topology/ServersDrawing.h"
#include "ui/views/topology/TopologyTools.h"
#include "ui/views/topology/WorldDrawing.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace weir {
namespace {

constexpr auto kPictureKey = "topology/picture";

} // namespace

TopologyPage::TopologyPage(ViewState& state, const BrokerWatch& broker, QWidget* parent,
                           HistoryFollower::Opener open, QSettings* settings)
    : FollowPage(
          state, QStringLiteral("topology"), tr("The way of messages appears here as soon as they come."),
          open, [this] { return makeSinks(); }, parent),
      m_broker(broker),
      m_open(std::move(open)),
      m_settings(settings),
      m_tracker(std::make_shared<FlowTracker>(Nanoseconds{0}, false)),
      m_flow(new FlowDrawing(m_open, settings, content())),
      m_stack(new QStackedWidget(content())),
      m_details(new FlowDetails(this)),
      m_tracing(new FlowTracing(broker, this))
{
    auto* column = new QVBoxLayout(content());
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    addPictures();
    joinDetails();
    connect(&m_broker, &BrokerWatch::looked, this, [this] {
        if (m_drawEvery <= drawnAgainAfter({})) // else its turn comes soon enough
            m_sinceDrawn.invalidate();
        ask();
        showState();
    });
    const QString wanted = m_settings ? m_settings->value(QLatin1String(kPictureKey)).toString() : QString();
    for (std::size_t i = 0; i < m_pictures.size(); ++i) {
        if (m_pictures[i]->name() == wanted)
            m_shown = i;
    }
    showPicture(m_shown);
}

TopologyPage::~TopologyPage() = default;

QString TopologyPage::title() const
{
    return tr("Topology");
}

QString TopologyPage::iconName() const
{
    return QStringLiteral(":/icons/topology.svg");
}

QWidget* TopologyPage::details()
{
    return m_details;
}

std::shared_ptr<const FlowPicture> TopologyPage::picture() const
{
    return m_flow->picture();
}

std::vector<std::shared_ptr<BatchSink>> TopologyPage::makeSinks()
{
    const TimeRange& range = state().range();
    m_tracker = std::make_shared<FlowTracker>(range.live ? range.span : range.to - range.from, range.live);
    return {m_tracker};
}

void TopologyPage::addPictures()
{
    m_pictures = {m_flow, new WorldDrawing(m_open, content()), new ServersDrawing(m_open, content())};
    for (TopologyPicture* picture : m_pictures) {
        m_stack->addWidget(picture->widget());
        join(*picture);
    }
    m_tools = new TopologyTools(m_pictures, note(), this);
    setHead(m_tools);
    connect(m_tools, &TopologyTools::pictureChosen, this, &TopologyPage::showPicture);
    connect(m_tools, &TopologyTools::searched, this,
            [this](const QString& text) { current().view().setSearch(text); });
    connect(m_tools, &TopologyTools::hopsChosen, this, &TopologyPage::focus);
    connect(m_tools, &TopologyTools::comparisonChosen, this, &TopologyPage::drawAnew);
    connect(m_tools, &TopologyTools::otherTimeWanted, this, &TopologyPage::askForComparison);
    connect(m_tools, &TopologyTools::told, this, &TopologyPage::problem);
    connect(m_tools, &TopologyTools::fitWanted, this, [this] { current().view().fit(); });
}

void TopologyPage::join(TopologyPicture& picture)
{
    GraphView* const view = &picture.view();
    const auto isShown = [this, &picture] { return &current() == &picture; };
    connect(view, &GraphView::selected, this, [this, isShown](const std::optional<std::string>& id) {
        if (!isShown())
            return;
        m_details->showNode(id);
        focus();
    });
    connect(view, &GraphView::edgeSelected, m_details, &FlowDetails::showEdge);
    connect(view, &GraphView::activated, this, [this, &picture](const std::string& id) {
        const auto graph = picture.graph();
        const auto node = graph->find(id);
        if (const QString term = node ? flowTerm(graph->nodes[*node]) : QString(); !term.isEmpty())
            emit filterTermRequested(term);
    });
    connect(view, &GraphView::contextMenuRequested, this, &TopologyPage::showMenu);
    connect(&picture, &TopologyPicture::drawAnewWanted, this, &TopologyPage::drawAnew);
    connect(&picture, &TopologyPicture::problem, this, &TopologyPage::problem);
    connect(&picture, &TopologyPicture::changed, this, [this, isShown] {
        if (!isShown())
            return;
        m_tools->setDrawn(current());
        m_details->setGraph(current().graph(),
                            [this](std::uint32_t node) { return current().figures(node); });
    });
}

void TopologyPage::joinDetails()
{
    connect(m_details, &FlowDetails::nodeChosen, this,
            [this](const std::string& id) { current().view().select(id); });
    connect(m_details, &FlowDetails::messagesWanted, this, [this](const QString& term) {
        emit filterTermRequested(term);
        emit pageRequested(QStringLiteral("messages"), {});
    });
    connect(m_tracing, &FlowTracing::problem, this, &TopologyPage::problem);
    connect(m_tracing, &FlowTracing::changed, this, [this] {
        m_details->setTraced(m_tracing->traced());
        if (const auto& traced = m_tracing->traced())
            current().view().select(traced->node);
        drawAnew();
    });
    connect(m_details, &FlowDetails::latencyWanted, this,
            [this](const QString& pop) { emit pageRequested(QStringLiteral("latency"), pop); });
    connect(m_details, &FlowDetails::latencyOfWanted, this, &TopologyPage::showLatencyOf);
    connect(m_details, &FlowDetails::credentialWanted, this,
            [this](const QString& user) { emit pageRequested(QStringLiteral("credentials"), user); });
}

void TopologyPage::showPicture(std::size_t index)
{
    const bool isOther = index != m_shown;
    m_shown = index;
    if (isOther && m_settings)
        m_settings->setValue(QLatin1String(kPictureKey), current().name());
    m_tools->setPicture(index, current());
    m_tools->setDrawn(current());
    m_stack->setCurrentWidget(current().widget());
    current().view().setSearch(m_tools->search());
    showDetails();
    focus();
    if (isOther)
        drawAnew();
    showState();
}

void TopologyPage::askForComparison()
{
    const auto [from, to] = sinks().bounds();
    const Timestamp since = m_tools->since() == kNoTime ? from - (to - from) : m_tools->since();
    auto* dialog = new CompareDialog(from, to, since, m_tools->factor(), SystemClock().now(), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { m_tools->compareSince(dialog->since(), dialog->factor()); });
    connect(dialog, &QDialog::rejected, m_tools, &TopologyTools::keepComparison);
    dialog->open();
}

void TopologyPage::showLatencyOf(const QString& term)
{
    emit filterTermRequested(term);
    emit pageRequested(QStringLiteral("latency"), {});
}

void TopologyPage::showItem(const QString& item)
{
    m_tools->setSearch(item);
}

void TopologyPage::showDetails()
{
    GraphView& view = current().view();
    m_details->setGraph(current().graph(), [this](std::uint32_t node) { return current().figures(node); });
    if (const auto edge = view.selectedEdge())
        m_details->showEdge(edge->first, edge->second);
    else
        m_details->showNode(view.selectedNode());
}

void TopologyPage::drawAnew()
{
    m_sinceDrawn.invalidate();
    m_drawn = ~std::uint64_t{0};
    askAnew();
}

void TopologyPage::focus()
{
    GraphView& view = current().view();
    const int hops = current().hasWays() ? m_tools->hops() : 0;
    view.focusOn(hops > 0 ? view.selectedNode() : std::nullopt, hops);
}

void TopologyPage::startOver()
{
    m_sinceDrawn.invalidate();
    m_tracing->forget();
    m_tools->setRangeBegin(sinks().bounds().first);
    for (TopologyPicture* picture : m_pictures)
        picture->startOver();
    m_tools->setDrawn(current());
}

TopologyPage::Question TopologyPage::question()
{
    const auto [from, to] = sinks().bounds();
    const Nanoseconds recorded = recordedWithin(sinks().gaps(), from, to);
    const bool recent = m_sinceDrawn.isValid() && !m_sinceDrawn.hasExpired(m_drawEvery.count());
    const bool same = !state().range().live && m_drawn == m_tracker->revision() &&
                      m_drawnRecorded == recorded && !current().wantsMore();
    if ((hasAll() || !needsAll()) && hasContent() && (recent || same))
        return [] { return [] {}; };
    m_sinceDrawn.start();
    m_drawn = m_tracker->revision(); // before it is asked
    m_drawnRecorded = recorded;
    FlowAsked asked;
    asked.tracker = m_tracker;
    asked.history = state().history();
    asked.from = from;
    asked.to = to;
    asked.gaps = sinks().gaps();
    asked.filter = state().filter();
    asked.live = state().range().live;
    asked.earlier = m_tools->earlier(from, asked.live ? state().range().span : to - from);
    asked.factor = m_tools->factor();
    if (asked.live) { // of the past the history has looks at the broker
        asked.broker = m_broker.known();
        asked.traced = m_tracing->traced();
    }
    return [this, draw = current().draw(), asked = std::move(asked),
            index = m_shown](const std::stop_token& stop) -> Show {
        const auto begin = std::chrono::steady_clock::now();
        Show show = draw(asked, stop);
        const auto took = std::chrono::steady_clock::now() - begin;
        return [this, show = std::move(show), index, took] {
            m_drawEvery = drawnAgainAfter(took);
            m_drawnOnce.insert(index);
            show();
        };
    };
}

bool TopologyPage::hasContent() const
{
    return shown().hasContent();
}

bool TopologyPage::needsAll() const
{
    return shown().needsMessages();
}

bool TopologyPage::explain(EmptyState& empty)
{
    // Another picture may have been made of all there is; that one was asked just now.
    if ((hasAll() || !needsAll()) && m_drawnOnce.count(m_shown) == 0) {
        empty.showLoading(tr("Drawing"));
        return true;
    }
    return current().explain(empty, {state().range().live, m_broker.isWatching(), m_broker.known().problem});
}

QString TopologyPage::remark() const
{
    return shown().remark(state().range().live);
}

void TopologyPage::showMenu(const std::string& id, const QPoint& at)
{
    const auto graph = current().graph();
    const auto index = graph->find(id);
    if (!index)
        return;
    const FlowNode& node = graph->nodes[*index];
    const QString name = QString::fromStdString(node.name);
    const QString term = flowTerm(node);
    const QString pop = latencyPop(node, current().figures(*index));
    QMenu menu(this);
    if (!term.isEmpty()) {
        menu.addAction(tr("Show only its messages"), this, [this, term] { emit filterTermRequested(term); });
        menu.addAction(tr("Hide its messages"), this,
                       [this, term] { emit filterTermRequested(QStringLiteral("NOT ") + term); });
        menu.addSeparator();
    }
    if (!pop.isEmpty())
        menu.addAction(tr("Show its latency"), this,
                       [this, pop] { emit pageRequested(QStringLiteral("latency"), pop); });
    else if (!term.isEmpty())
        menu.addAction(tr("Show its latency"), this, [this, term] { showLatencyOf(term); });
    if (const QString user = credentialOf(node); !user.isEmpty())
        menu.addAction(tr("Show its credential"), this,
                       [this, user] { emit pageRequested(QStringLiteral("credentials"), user); });
    current().addTo(menu, node);
    m_tracing->addTo(menu, node, state().range().live);
    menu.addAction(tr("Copy its name"), this, [name] { QGuiApplication::clipboard()->setText(name); });
    menu.exec(at);
}

} // namespace weir
