// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/ConnectionTest.h"

#include <QString>
#include <QtGlobal>

namespace weir::test {

/// A profile for one server that does not wait long.
[[nodiscard]] inline ConnectionProfile profileFor(const QString& url)
{
    ConnectionProfile profile;
    profile.urls = {url.toStdString()};
    profile.connectTimeout = std::chrono::milliseconds(1000);
    return profile;
}

/// The steps of one connection test; prints them, so that a reader of the log sees the words.
class ConnectionSteps
{
public:
    explicit ConnectionSteps(std::vector<TestStep> steps) : m_steps(std::move(steps))
    {
        for (const TestStep& step : m_steps)
            if (step.outcome != TestStep::Outcome::Skipped)
                qInfo("%-14s %d %s (%s)", step.name.c_str(), int(step.outcome), step.detail.c_str(),
                      step.hint.c_str());
    }
    [[nodiscard]] TestStep::Outcome outcome(const std::string& name) const { return find(name).outcome; }
    [[nodiscard]] QString detail(const std::string& name) const
    {
        return QString::fromStdString(find(name).detail);
    }
    [[nodiscard]] QString hint(const std::string& name) const
    {
        return QString::fromStdString(find(name).hint);
    }
    [[nodiscard]] std::size_t count() const { return m_steps.size(); }
    /// The step that failed; empty: none did.
    [[nodiscard]] QString failed() const
    {
        for (const TestStep& step : m_steps)
            if (step.outcome == TestStep::Outcome::Failed)
                return QString::fromStdString(step.name);
        return {};
    }

private:
    [[nodiscard]] TestStep find(const std::string& name) const
    {
        for (const TestStep& step : m_steps)
            if (step.name == name)
                return step;
        return {};
    }
    std::vector<TestStep> m_steps;
};

} // namespace weir::test
