// SPDX-License-Identifier: GPL-3.0-or-later
// What SubjectsPage asks, and how it shows the answers.
#include "core/topology/FlowTracker.h"
#include "ui/models/BrokerWatch.h"
#include "ui/models/Figures.h"
#include "ui/models/ViewState.h"
#include "ui/views/SubjectActions.h"
#include "ui/views/SubjectsPage.h"
#include "ui/views/topology/TopologyExport.h"

#include <QGuiApplication>
#include <QLabel>
#include <QStyleHints>
#include <QTreeView>

#include <iterator>

namespace weir {
namespace {

constexpr int kMoveEvery = 2000; // ms
constexpr std::size_t kMostChildren = 4096;
constexpr std::size_t kMostHits = 500;
constexpr int kFewChildren = 24; // a branch of no more is open at first
constexpr int kFirstLook = 3000; // ms in which branches open by themselves

/// What is pinned comes first, also where nothing was counted in it.
void putPinned(SubjectPage& page, const SubjectTree& tree, const std::vector<std::string>& pinned)
{
    std::vector<SubjectNode> rows;
    for (const std::string& path : pinned) {
        if (auto node = tree.at(path)) {
            node->id = pinRow(node->id);
            rows.push_back(std::move(*node));
        }
    }
    page.nodes.insert(page.nodes.begin(), std::make_move_iterator(rows.begin()),
                      std::make_move_iterator(rows.end()));
    page.total += rows.size();
}

} // namespace

/// What the tree answered, made on a thread of the pool.
struct SubjectsPage::Answer
{
    SubjectSnapshot snapshot;
    std::size_t nodes = 0;
    std::uint64_t hits = 0;
    bool partial = false;
    std::shared_ptr<const SubjectAudience> audience;
};

QString SubjectsPage::whyNoAudience() const
{
    if (!state().range().live)
        return tr("Who subscribes is known of now only");
    if (m_broker == nullptr || !m_broker->isWatching())
        return tr("Not known: no broker's monitoring port is watched");
    const BrokerWatch::Known& known = m_broker->known();
    if (!known.problem.empty())
        return tr("Not known: %1").arg(QString::fromStdString(known.problem));
    if (!known.now)
        return tr("Not known yet: the broker has not answered");
    return known.account.empty() ? tr("Not known: the broker does not say whose account this is") : QString();
}

SubjectsPage::Question SubjectsPage::question()
{
    // Over a range of the past the rates shown are means: their order is that of the counts.
    const bool byMean = m_sort == SubjectSort::Rate && m_model.showsMeans();
    const QString why = whyNoAudience();
    const auto look = why.isEmpty() ? m_broker->known().now : nullptr;
    const std::string account = why.isEmpty() ? m_broker->known().account : std::string();
    return [this, ids = m_model.wanted(), sort = byMean ? SubjectSort::Count : m_sort,
            match = m_searched.isEmpty() ? SubjectMatch() : m_match, tree = m_tree, pinned = m_shape.pinned,
            look, account, why, listeners = m_audience]() -> Show {
        auto answer = std::make_shared<Answer>();
        answer->nodes = tree->nodeCount();
        if (look)
            answer->audience = listeners->of(look, account);
        for (const SubjectNodeId id : ids) {
            SubjectPage page;
            if (id != ids.front() || !match) {
                page = tree->children(id, sort, 0, kMostChildren);
            } else {
                SubjectHits hits = searchSubjects(*tree, match, sort, kMostHits);
                answer->hits = hits.page.total;
                answer->partial = hits.partial;
                page = std::move(hits.page);
            }
            if (id == ids.front() && !match)
                putPinned(page, *tree, pinned);
            for (SubjectNode& node : page.nodes) {
                if (answer->audience)
                    countListeners(node, *answer->audience);
            }
            answer->snapshot.emplace_back(id, std::move(page));
        }
        return [this, answer, why] {
            m_model.setAudience(answer->audience, why);
            take(*answer);
        };
    };
}

bool SubjectsPage::mayMove() const
{
    // A row must not slip away from under a click.
    const bool clicking =
        QGuiApplication::mouseButtons() != Qt::NoButton ||
        (m_sincePress.isValid() &&
         !m_sincePress.hasExpired(QGuiApplication::styleHints()->mouseDoubleClickInterval()));
    return m_moveNow || (!clicking && (!m_sinceMove.isValid() || m_sinceMove.hasExpired(kMoveEvery)));
}

void SubjectsPage::take(const Answer& answer)
{
    m_hits = answer.hits;
    m_moveNow = m_moveNow || (hasAll() && !m_isWhole); // what was read last is shown at once
    m_isWhole = hasAll();
    const bool move = mayMove();
    if (move)
        m_sinceMove.start();
    m_moveNow = false;
    m_model.take(answer.snapshot, move);
    if (m_searched.isEmpty())
        m_count->setText(tr("%1 nodes").arg(fullCount(answer.nodes)));
    else if (m_hits > kMostHits)
        m_count->setText(tr("%1 found, the first %2 shown").arg(fullCount(m_hits), fullCount(kMostHits)));
    else
        m_count->setText(
            answer.partial
                ? tr("%1 found so far: the tree is too large to search whole").arg(fullCount(m_hits))
                : tr("%1 found").arg(fullCount(m_hits)));
    showFound();
    offerExport();
    openFirst();
    reveal();
    m_actions->refresh();
}

/// As it is when a format is chosen; whatever is open or searched, all of the tree.
void SubjectsPage::offerExport()
{
    if (m_model.rowCount() == 0 && m_searched.isEmpty())
        return m_export->setSheet({});
    SubjectPictureOf of;
    std::tie(of.from, of.to) = sinks().bounds();
    of.filter = state().filter().text();
    of.live = state().range().live;
    of.sort = !of.live && m_sort == SubjectSort::Rate ? SubjectSort::Count : m_sort; // means
    of.coverage = missingIn(sinks().gaps(), of.from, of.to, true);
    const bool known = whyNoAudience().isEmpty();
    m_export->setSource(QStringLiteral("subjects"),
                        [tree = m_tree, of, look = known ? m_broker->known().now : nullptr,
                         account = known ? m_broker->known().account : std::string(),
                         listeners = m_audience]() -> TopologySheet {
                            SubjectPictureOf asked = of;
                            const auto audience = look ? listeners->of(look, account) : nullptr;
                            asked.audience = audience.get();
                            return subjectsSheet(
                                std::make_shared<const SubjectPicture>(subjectPicture(*tree, asked)));
                        });
}

/// The first look shows what flows where: branches that fit on a screen are open.
void SubjectsPage::openFirst()
{
    if (m_model.rowCount() == 0 || m_sincePress.isValid() || !m_searched.isEmpty())
        return;
    if (!m_sinceFirst.isValid())
        m_sinceFirst.start();
    if (m_sinceFirst.hasExpired(kFirstLook))
        return;
    int rows = m_model.rowCount();
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QModelIndex branch = m_model.index(row, 0);
        const int children = branch.data(static_cast<int>(SubjectRole::Children)).toInt();
        const bool alone = m_model.rowCount() == 1;
        if (!alone && (children > kFewChildren || rows + children > 2 * kFewChildren))
            continue;
        rows += children;
        m_view->expand(branch);
    }
}

/// Opens what leads to the node that was chosen before the tree was made anew.
void SubjectsPage::reveal()
{
    QModelIndex at;
    while (!m_reveal.isEmpty()) {
        QModelIndex next;
        for (int row = 0; row < m_model.rowCount(at) && !next.isValid(); ++row) {
            const QModelIndex child = m_model.index(row, 0, at);
            const QString path = child.data(static_cast<int>(SubjectRole::Path)).toString();
            if (!child.data(static_cast<int>(SubjectRole::PinRow)).toBool() &&
                (path == m_reveal || m_reveal.startsWith(path + QLatin1Char('.'))))
                next = child;
        }
        if (!next.isValid())
            return; // not there yet
        m_view->expand(next);
        at = next;
        if (at.data(static_cast<int>(SubjectRole::Path)).toString() == m_reveal) {
            m_view->setCurrentIndex(at);
            m_reveal.clear();
        }
    }
}

} // namespace weir
