namespace Ambient.Grpc;

/// <summary>What differs from call to call.</summary>
public sealed record GrpcCallOptions
{
    public static GrpcCallOptions Default { get; } = new();

    /// <summary>Asked once when the call starts, so that a rotated token is read again. Names in lower case.</summary>
    public Func<CancellationToken, ValueTask<IReadOnlyList<KeyValuePair<string, string>>>>? Headers { get; init; }

    /// <summary>The time that the whole call may take; null is without end. Sent as <c>grpc-timeout</c> and enforced here too.</summary>
    public TimeSpan? Deadline { get; init; }
}
