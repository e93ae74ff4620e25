// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ViewState.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace weir {

/// Asks for a range from … to, as RFC 3339, as a time of today, or as an age (`-15m`); says what is wrong
/// while it is typed.
class RangeDialog : public QDialog
{
    Q_OBJECT
public:
    /// `shown` (a fixed range) fills the fields; `now` resolves ages and days.
    RangeDialog(const TimeRange& shown, Timestamp now, QWidget* parent = nullptr);

    /// The range that was entered; valid once accepted.
    [[nodiscard]] TimeRange range() const { return m_range; }

private:
    void check();

    Timestamp m_now;
    TimeRange m_range;
    QLineEdit* m_from;
    QLineEdit* m_to;
    QLabel* m_message;
    QPushButton* m_show;
};

} // namespace weir
