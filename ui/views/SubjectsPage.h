// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectTree.h"
#include "ui/models/SubjectsModel.h"
#include "ui/views/FollowPage.h"

#include <QElapsedTimer>
#include <QTimer>

class QLabel;
class QLineEdit;
class QTreeView;

namespace weir {

class EmptyState;

/// The tree of subjects with what flows below each: rate, bytes, a sparkline, messages, last seen. The tree
/// is counted off the gui thread from the view's range of the history; only what is open is fetched. gui
/// thread.
class SubjectsPage : public FollowPage
{
    Q_OBJECT
public:
    explicit SubjectsPage(ViewState& state, QWidget* parent = nullptr,
                          HistoryFollower::Opener open = &HistoryReader::open);
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
    void showContextMenu(const QPoint& point);
    [[nodiscard]] bool mayMove() const;

    std::shared_ptr<SubjectTree> m_tree; ///< of the present run
    SubjectsModel m_model;
    QLineEdit* m_search;
    QLabel* m_count;
    QTreeView* m_view;
    EmptyState* m_noHit;
    SubjectSort m_sort = SubjectSort::Rate;
    QString m_searched;    ///< empty: the whole tree
    bool m_moveNow = true; ///< the reader chose an order: rows may move at once
    std::uint64_t m_hits = 0;
    QElapsedTimer m_sinceFirst; ///< since the first nodes of the present tree were shown
    QElapsedTimer m_sinceMove;
    QElapsedTimer m_sincePress;
    QTimer m_searchPause; ///< waits until the reader stops typing
};

} // namespace weir
