namespace Ambient.Bench.Footing;

/// <summary>The run may not start: what would be compared is not comparable.</summary>
internal sealed class UnequalFootingException(string message) : Exception(message);
