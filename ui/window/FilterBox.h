// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include <functional>
#include <memory>

class QLabel;
class QToolButton;

namespace weir {

class Clock;
class FilterLine;
class ViewState;
struct Names;

/// The filter of the whole window. Checks while one types and says in words what is wrong, where; Enter
/// applies, Escape brings back what is applied. A wrong filter is never applied: the views keep the last
/// right one.
class FilterBox : public QWidget
{
    Q_OBJECT
public:
    /// Both outlive it.
    FilterBox(ViewState& state, Clock& clock, QWidget* parent = nullptr);
    ~FilterBox() override;

    void setNames(std::function<std::shared_ptr<const Names>()> names);
    /// Adds a term to what is applied, and applies it.
    void addTerm(const QString& term);
    void clearFilter();
    void focusLine();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void moveEvent(QMoveEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// True when the text is right; else it is marked and explained.
    bool check();
    void apply();
    void showApplied();
    void placeMessage();
    void explain();

    ViewState& m_state;
    Clock& m_clock;
    FilterLine* m_line;
    QToolButton* m_apply;
    QToolButton* m_clear;
    QLabel* m_message;
    QTimer m_explain; ///< words come when typing rests, the mark at once
};

} // namespace weir
