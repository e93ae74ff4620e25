// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace weir {

/// One entry of the left rail. A page owns itself: it takes a ViewState and follows it; MainWindow only
/// arranges.
class Page : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    [[nodiscard]] virtual QString title() const = 0;
    /// Icon resource, e.g. ":/icons/messages.svg" (drawn in the theme's text colour).
    [[nodiscard]] virtual QString iconName() const = 0;
    /// What other pages call it, in no language: `latency`; empty: they do not.
    [[nodiscard]] virtual QString name() const { return {}; }
    /// Chooses what another page asked for, as soon as it is there.
    virtual void showItem(const QString& /*item*/) {}
    /// The widget for the details dock while this page is shown; null when it has none. Owned by the page.
    [[nodiscard]] virtual QWidget* details() { return nullptr; }
    /// Whether what is shown is still a part of what history, range and filter hold.
    [[nodiscard]] virtual bool isReading() const { return false; }

signals:
    /// The page has nothing to show and the user wants to connect to a broker, or to open a history.
    void connectRequested();
    void openHistoryRequested();
    /// A user asked for a narrower view, e.g. a double click on a subject: a filter term to add.
    void filterTermRequested(const QString& term);
    /// The user wants to see `item` (a PoP, or nothing in particular) on the page of that name().
    void pageRequested(const QString& name, const QString& item);
    void readingChanged();
    /// Something went wrong that the user should read, one line.
    void problem(const QString& line);
};

} // namespace weir
