// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/HeadersModel.h"
#include "ui/models/MessageDetails.h"

#include <QWidget>

class QLabel;
class QSplitter;
class QStackedLayout;
class QTableView;
class QTabWidget;

namespace weir {

class EmptyState;
class FactsView;
class IdentityView;
class PayloadView;

/// All of one message: its facts with how each is known, payload, headers, identity. gui thread.
class DetailsPane : public QWidget
{
    Q_OBJECT
public:
    explicit DetailsPane(QWidget* parent = nullptr);

    void setMessage(const std::shared_ptr<const MessageDetails>& message);
    void showLoading();
    void showMissing(const QString& why);
    /// Why the message shown is not among those of the table; empty: it is.
    void setOutside(const QString& why);
    /// How many messages are selected, when it is not one.
    void showSelection(int messages);
    [[nodiscard]] const std::shared_ptr<const MessageDetails>& message() const { return m_message; }
    [[nodiscard]] PayloadView& payload() { return *m_payload; }
    [[nodiscard]] FactsView& facts() { return *m_facts; }
    [[nodiscard]] IdentityView& identity() { return *m_identity; }

signals:
    void filterTermRequested(const QString& term);
    void problem(const QString& line);

private:
    void buildHeaders();
    void showHeaderMenu(const QPoint& point);

    std::shared_ptr<const MessageDetails> m_message;
    HeadersModel m_headerModel;
    QStackedLayout* m_layout;
    EmptyState* m_empty;
    QWidget* m_content;
    QLabel* m_outside;
    FactsView* m_facts;
    QSplitter* m_split = nullptr;
    bool m_sizedByHand = false;
    QTabWidget* m_tabs;
    PayloadView* m_payload;
    QTableView* m_headers;
    IdentityView* m_identity;
};

} // namespace weir
