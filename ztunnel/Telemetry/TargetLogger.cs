using Ambient.Ztunnel.Configuration;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>Formats the lines of one target on the calling thread and hands them to the log writer.</summary>
internal sealed class TargetLogger(string target, LogLevel level, LogWriter writer, LogFormat format, TimeProvider time) : ILogger
{
    [ThreadStatic]
    private static LogLine? t_plain;

    [ThreadStatic]
    private static LogLine? t_json;

    private readonly bool _isAccess = target == LogTargets.Access;
    private volatile int _level = (int)level;

    public string Target => target;

    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (int)logLevel >= _level;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log(logLevel, state, exception, formatter, null);

    /// <param name="span">What the line happened within; null is nothing in particular.</param>
    internal void Log<TState>(LogLevel logLevel, TState state, Exception? exception, Func<TState, Exception?, string> formatter, LogSpan? span)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        LogLine line = format == LogFormat.Json ? t_json ??= LogLine.In(format) : t_plain ??= LogLine.In(format);
        if (state is ILogFields fields)
        {
            line.Begin(logLevel, time.GetUtcNow(), target, formatter(state, exception), span);
            fields.WriteTo(line);
        }
        else if (state is IReadOnlyList<KeyValuePair<string, object?>> values && LogTemplate.Of(values) is { } template)
        {
            line.Begin(logLevel, time.GetUtcNow(), target, template.Message, span);
            WriteValues(line, values);
        }
        else
        {
            line.Begin(logLevel, time.GetUtcNow(), target, formatter(state, exception), span);
        }

        if (exception is not null)
        {
            line.Text("error", $"{exception.GetType().Name}: {exception.Message}");
        }

        line.End();
        writer.Write(line.Written, _isAccess);
    }

    private static void WriteValues(LogLine line, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        foreach ((string key, object? value) in values)
        {
            if (key != LogTemplate.Key && value is not null)
            {
                WriteValue(line, key, value);
            }
        }
    }

    private static void WriteValue(LogLine line, string key, object value)
    {
        switch (value)
        {
            case int number:
                line.Number(key, number);
                break;
            case long number:
                line.Number(key, number);
                break;
            case bool or System.Net.EndPoint or System.Net.IPAddress:
                line.Bare(key, value is bool flag ? (flag ? "true" : "false") : value.ToString() ?? "");
                break;
            default:
                line.Text(key, value.ToString() ?? "");
                break;
        }
    }
}
