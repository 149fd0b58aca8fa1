using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>A logger whose lines say what they happened within.</summary>
internal sealed class SpanLogger(TargetLogger target, LogSpan span) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => target.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        target.Log(logLevel, state, exception, formatter, span);

    public SpanLogger Within(string name, LogSpanField[] fields) => new(target, new LogSpan(name, span, fields));
}
