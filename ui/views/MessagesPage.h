// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/HistoryFollower.h"
#include "ui/models/MessageTableModel.h"
#include "ui/views/Page.h"

#include <QTimer>

class QStackedLayout;

namespace weir {

class DetailsPane;
class EmptyState;
class HugeTableView;
class MessagesStrip;
class ViewState;

/// The table of messages: follows live traffic, pauses without losing, scrolls back into history without a
/// seam. What is shown comes from the history file alone, live or past. gui thread.
class MessagesPage : public Page
{
    Q_OBJECT
public:
    explicit MessagesPage(ViewState& state, QWidget* parent = nullptr,
                          HistoryFollower::Opener open = &HistoryReader::open);
    ~MessagesPage() override;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] QString name() const override { return QStringLiteral("messages"); }
    [[nodiscard]] QWidget* details() override;

    [[nodiscard]] MessageTableModel& model() { return m_model; }
    [[nodiscard]] HugeTableView& table() { return *m_table; }
    [[nodiscard]] DetailsPane& pane() { return *m_details; }

private:
    void buildTable();
    void openView();
    void rememberPlace();
    void restorePlace();
    void showWhetherListed();
    void showState();
    void showFailure(const Error& error);
    void updateStrip();
    void onFollowingChanged(bool following);
    void showContextMenu(const QPoint& point);
    void showSelected();
    void copySelected(CopyForm form);
    [[nodiscard]] std::vector<SeqRun> selectedRuns() const;
    [[nodiscard]] quint64 newSincePause() const;
    [[nodiscard]] QString countText() const;

    ViewState& m_state;
    HistoryFollower::Opener m_open;
    MessageTableModel m_model;
    QStackedLayout* m_layout;
    QWidget* m_content;
    HugeTableView* m_table;
    MessagesStrip* m_strip;
    EmptyState* m_empty;
    DetailsPane* m_details;
    QTimer m_reopen;  ///< gathers changes of history, range and filter that come together
    QTimer m_choose;  ///< gathers changes of the selection
    QTimer m_refresh; ///< gathers changes of the strip, 10 a second at most
    std::optional<Error> m_failure;
    quint64 m_seenAtPause = 0; ///< the newest message there was when the table was held
    quint64 m_heldAt = 0;      ///< the same of a pause that goes on over another open(); 0: none
    std::filesystem::path m_openedHistory;
    bool m_openedLive = true;      ///< whether the range last opened was live
    std::uint64_t m_placeSeq = 0;  ///< to be shown again after another open(); 0: none
    std::uint64_t m_chosenSeq = 0; ///< and chosen again
};

} // namespace weir
