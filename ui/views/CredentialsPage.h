// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/BrokerWatch.h"
#include "ui/models/CredentialsModel.h"
#include "ui/views/FollowPage.h"

#include <QElapsedTimer>

class QLineEdit;
class QTableView;

namespace weir {

class CredentialDetails;
class EmptyState;
class LooksDraft;

/// Who may speak to the broker: each credential that a connection of the range came with, when it ends, who
/// uses it, and who was not let in. Of what servers tell of their connections, now or as the history keeps
/// it. gui thread.
class CredentialsPage : public FollowPage
{
    Q_OBJECT
public:
    /// `broker` outlives the page.
    CredentialsPage(ViewState& state, const BrokerWatch& broker, QWidget* parent = nullptr,
                    HistoryFollower::Opener open = &HistoryReader::open);
    ~CredentialsPage() override;

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;
    [[nodiscard]] QString name() const override { return QStringLiteral("credentials"); }
    /// A user's name or public nkey, or what a client calls itself.
    void showItem(const QString& item) override;
    [[nodiscard]] QWidget* details() override;
    [[nodiscard]] const CredentialsModel& model() const { return m_model; }

protected:
    [[nodiscard]] Question question() override;
    void startOver() override;
    [[nodiscard]] bool hasContent() const override { return m_list != nullptr && !m_list->uses.empty(); }
    [[nodiscard]] QString remark() const override;
    [[nodiscard]] bool explain(EmptyState& empty) override;

private:
    [[nodiscard]] QWidget* buildTools();
    void buildTable();
    void take(std::shared_ptr<const CredentialList> list);
    void choose(const QString& id);
    void showChosen();
    void showMenu(const QPoint& point);

    const BrokerWatch& m_broker;
    const HistoryFollower::Opener m_open;
    std::shared_ptr<LooksDraft> m_looks;          ///< of the present run
    std::shared_ptr<const CredentialList> m_list; ///< null: not known yet, or nothing is
    CredentialsModel m_model;
    QLineEdit* m_search;
    QTableView* m_table;
    EmptyState* m_noHit;
    CredentialDetails* m_details;
    QString m_chosen;            ///< an id; it may be out of the range for a while
    QString m_wanted;            ///< a name to choose as soon as it is there
    bool m_answeredOnce = false; ///< since the run began
    QElapsedTimer m_sinceAsked;
};

} // namespace weir
