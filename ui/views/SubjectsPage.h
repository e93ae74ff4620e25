// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectTree.h"
#include "ui/models/AudienceCache.h"
#include "ui/models/SubjectSearch.h"
#include "ui/models/SubjectShapes.h"
#include "ui/models/SubjectsModel.h"
#include "ui/views/FollowPage.h"

#include <QElapsedTimer>
#include <QTimer>

class QLabel;
class QLineEdit;
class QSettings;
class QTreeView;

namespace weir {

class BrokerWatch;
class EmptyState;
class SubjectActions;
class TopologyExport;

/// The tree of subjects with what flows below each: rate, bytes, a sparkline, who subscribes, messages, last
/// seen. The tree is counted off the gui thread from the view's range of the history; only what is open is
/// fetched. What a reader pins, splits and folds is kept for each history. gui thread.
class SubjectsPage : public FollowPage
{
    Q_OBJECT
public:
    /// Who subscribes is known of `broker`; without `settings` nothing is kept. Both outlive the page.
    explicit SubjectsPage(ViewState& state, QWidget* parent = nullptr,
                          HistoryFollower::Opener open = &HistoryReader::open,
                          const BrokerWatch* broker = nullptr, QSettings* settings = nullptr);
    ~SubjectsPage() override;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] SubjectsModel& model() { return m_model; }

protected:
    [[nodiscard]] Question question() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Answer;

    void buildTree();
    [[nodiscard]] QWidget* buildTools();
    void take(const Answer& answer);
    void showFound();
    void openFirst();
    void setSort(int column);
    void setSearch();
    void narrowTo(const QModelIndex& index);
    void joinActions();
    [[nodiscard]] std::shared_ptr<SubjectTree> makeTree();
    void changeShape(std::vector<std::string>& list, const QString& path);
    void reveal();
    void offerExport();
    [[nodiscard]] QString whyNoAudience() const;
    [[nodiscard]] bool mayMove() const;

    const BrokerWatch* m_broker;
    const SubjectShapes m_shapes;
    SubjectShape m_shape;                ///< of the present history
    std::shared_ptr<SubjectTree> m_tree; ///< of the present run
    std::shared_ptr<AudienceCache> m_audience;
    SubjectsModel m_model;
    QLineEdit* m_search;
    QLabel* m_count;
    QLabel* m_wrong; ///< with the search
    QTreeView* m_view;
    EmptyState* m_noHit;
    SubjectActions* m_actions;
    TopologyExport* m_export;
    SubjectSort m_sort = SubjectSort::Rate;
    QString m_searched;     ///< empty: the whole tree
    SubjectMatch m_match;   ///< what it finds
    QString m_reveal;       ///< the path of a node that is to be seen again
    bool m_isWhole = false; ///< all of the range is shown
    bool m_moveNow = true;  ///< the reader chose an order: rows may move at once
    std::uint64_t m_hits = 0;
    QElapsedTimer m_sinceFirst; ///< since the first nodes of the present tree were shown
    QElapsedTimer m_sinceMove;
    QElapsedTimer m_sincePress;
    QTimer m_searchPause; ///< waits until the reader stops typing
};

} // namespace weir
