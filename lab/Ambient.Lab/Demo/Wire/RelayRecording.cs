namespace Ambient.Lab.Demo.Wire;

/// <summary>A recording by the relays of a stage without a wire.</summary>
internal sealed class RelayRecording : IWireRecording
{
    private readonly IReadOnlyList<WireRelay> _relays;

    public RelayRecording(IReadOnlyList<WireRelay> relays)
    {
        _relays = relays;
        foreach (WireRelay relay in relays)
        {
            relay.BeginRecording();
        }
    }

    public Task<WireEvidence> StopAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new WireEvidence([.. _relays.SelectMany(relay => relay.EndRecording())]));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
