namespace Ambient.Lab.Demo.Wire;

/// <summary>A running record of what passes between the nodes.</summary>
internal interface IWireRecording : IAsyncDisposable
{
    /// <summary>Ends it. All that passed before the call is in the evidence.</summary>
    Task<WireEvidence> StopAsync(CancellationToken cancellationToken);
}
