// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/topology/SubjectTree.h"
#include "ui/models/FollowedSinks.h"
#include "ui/models/SubjectsModel.h"
#include "ui/views/Page.h"

#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

class QLabel;
class QLineEdit;
class QStackedLayout;
class QTreeView;

namespace weir {

class EmptyState;
class ViewState;

/// The tree of subjects with what flows below each: rate, bytes, a sparkline, messages, last seen. The tree
/// is counted off the gui thread from the view's range of the history; only what is open is fetched. gui
/// thread.
class SubjectsPage : public Page
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
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Answer;

    void buildTree();
    [[nodiscard]] QWidget* buildTools();
    void startOver();
    void ask();
    void take(Answer answer);
    void showState();
    void setSort(int column);
    void setSearch();
    void narrowTo(const QModelIndex& index);
    void showContextMenu(const QPoint& point);
    [[nodiscard]] bool mayMove() const;

    ViewState& m_state;
    std::shared_ptr<SubjectTree> m_tree; ///< of the present run
    FollowedSinks m_sinks;
    SubjectsModel m_model;
    QStackedLayout* m_layout;
    EmptyState* m_empty;
    QWidget* m_content;
    QLineEdit* m_search;
    QLabel* m_count;
    QLabel* m_note;
    QTreeView* m_view;
    EmptyState* m_noHit;
    SubjectSort m_sort = SubjectSort::Rate;
    QString m_searched; ///< empty: the whole tree
    bool m_asked = false;
    bool m_again = false;
    bool m_answered = false;
    bool m_moveNow = true; ///< the reader chose an order: rows may move at once
    std::uint64_t m_generation = 0;
    std::uint64_t m_hits = 0;
    QElapsedTimer m_sinceMove;
    QElapsedTimer m_sincePress;
    QTimer m_tick;
    QTimer m_searchPause; ///< waits until the reader stops typing
    QThreadPool m_pool;   ///< last: its end waits for what is asked
};

} // namespace weir
