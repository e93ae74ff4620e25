// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/MessageDetails.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;

namespace weir {

/// The facts of one message, each with how it is known; facts that a message does not have are left out. gui
/// thread.
class FactsView : public QWidget
{
    Q_OBJECT
public:
    explicit FactsView(QWidget* parent = nullptr);

    /// `message` (null for none) lives until the next call.
    void setMessage(const MessageDetails* message);
    /// What stands beside the fact named `title`; empty where it is left out.
    [[nodiscard]] QString fact(const QString& title) const;

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row
    {
        QLabel* title;
        QLabel* value;
    };
    void put(const QString& title, const QString& value, const QString& howKnown = {});

    QGridLayout* m_grid;
    std::vector<Row> m_rows;                   ///< reused from message to message
    const MessageDetails* m_message = nullptr; ///< shown now
    std::size_t m_used = 0;
};

} // namespace weir
