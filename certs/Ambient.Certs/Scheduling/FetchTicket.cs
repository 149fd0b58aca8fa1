namespace Ambient.Certs.Scheduling;

/// <summary>A place in the queue of fetches.</summary>
internal sealed class FetchTicket(long sequence)
{
    private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Order of arrival.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Changed by the queue only.</summary>
    public FetchPriority Priority { get; set; }

    /// <summary>Completes when it is this ticket's turn.</summary>
    public Task Turn => _turn.Task;

    public void Admit() => _turn.TrySetResult();
}
