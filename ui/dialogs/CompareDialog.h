// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Time.h"

#include <QDialog>

class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace weir {

/// Asks which earlier range the shown one is compared with, and how much counts as changed; says what is
/// wrong while it is typed. gui thread.
class CompareDialog : public QDialog
{
    Q_OBJECT
public:
    /// The shown range is [from, to); `since` fills the field, `now` resolves ages and days.
    CompareDialog(Timestamp from, Timestamp to, Timestamp since, double factor, Timestamp now,
                  QWidget* parent = nullptr);

    /// Where the earlier range begins; it is as long as the shown one. Valid once accepted.
    [[nodiscard]] Timestamp since() const { return m_since; }
    /// What rose or fell by more than that counts as changed.
    [[nodiscard]] double factor() const;

private:
    void check();

    const Timestamp m_shownFrom;
    const Nanoseconds m_length;
    const Timestamp m_now;
    Timestamp m_since = kNoTime;
    QLineEdit* m_field;
    QDoubleSpinBox* m_factor;
    QLabel* m_message;
    QPushButton* m_compare;
};

} // namespace weir
