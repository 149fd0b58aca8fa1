using System.Globalization;

namespace Ambient.Grpc;

/// <summary>The text of <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const double MaxValue = 99_999_999;

    public static string Format(TimeSpan deadline)
    {
        double milliseconds = Math.Max(1, Math.Ceiling(deadline.TotalMilliseconds));
        return milliseconds <= MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(MaxValue, Math.Ceiling(deadline.TotalSeconds))}S");
    }
}
