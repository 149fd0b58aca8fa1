using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Telemetry;

/// <param name="Target">Empty for the default level.</param>
internal sealed record LogDirective(string Target, LogLevel Level)
{
    public const string LevelNames = "trace, debug, info, warn, error, off";

    public static LogDirective? Parse(ReadOnlySpan<char> text)
    {
        int equals = text.IndexOf('=');
        ReadOnlySpan<char> target = equals < 0 ? default : text[..equals];
        if (equals == 0 || !IsTarget(target) || LevelOf(text[(equals + 1)..]) is not { } level)
        {
            return null;
        }

        return new LogDirective(target.ToString(), level);
    }

    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.None => "off",
        _ => "error",
    };

    public override string ToString() => Target.Length == 0 ? NameOf(Level) : $"{Target}={NameOf(Level)}";

    private static LogLevel? LevelOf(ReadOnlySpan<char> name) => name switch
    {
        _ when Is(name, "trace") => LogLevel.Trace,
        _ when Is(name, "debug") => LogLevel.Debug,
        _ when Is(name, "info") => LogLevel.Information,
        _ when Is(name, "warn") => LogLevel.Warning,
        _ when Is(name, "error") => LogLevel.Error,
        _ when Is(name, "off") => LogLevel.None,
        _ => null,
    };

    private static bool Is(ReadOnlySpan<char> name, string level) => name.Equals(level, StringComparison.OrdinalIgnoreCase);

    private static bool IsTarget(ReadOnlySpan<char> target)
    {
        foreach (char character in target)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not (':' or '_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
