using Ambient.Mesh.Policies;
using Ambient.Mesh.State;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Pods;
using Microsoft.Extensions.Logging;

namespace Ambient.Ztunnel.Inbound;

/// <summary>
/// Decides whether inbound connections may pass, and closes those that a later policy forbids (node-proxy 4.1, 4.6). A connection is tracked
/// before it is judged for the first time, so that a change in between is not lost.
/// </summary>
internal sealed class InboundPolicy : IDisposable
{
    private readonly MeshStore _store;
    private readonly ConnectionTable _connections;
    private readonly ILogger _logger;
    private readonly LogLevel _level;

    public InboundPolicy(MeshStore store, ConnectionTable connections, ILogger logger, bool isInfo)
    {
        _store = store;
        _connections = connections;
        _logger = logger;
        _level = isInfo ? LogLevel.Information : LogLevel.Debug;
        store.Changed += OnMeshChanged;
    }

    /// <summary>Judges a tracked connection by the policies in force; null lets it pass.</summary>
    public ConnectionFailure? Authorize(TrackedConnection connection)
    {
        AuthorizationDecision decision = Decide(_store.Current, connection);
        return decision.IsAllowed ? null : new ConnectionFailure(
            FailurePhase.Authorize,
            FailureSide.Proxy,
            FailureReason.PolicyDenied,
            decision.Error!,
            "The policy named here, or the missing ALLOW policy, is in the mesh state: see policies in /config_dump on port 15000.");
    }

    public void Dispose() => _store.Changed -= OnMeshChanged;

    private void OnMeshChanged(MeshChange change)
    {
        if (!change.PoliciesChanged)
        {
            return;
        }

        foreach (TrackedConnection connection in _connections.Inbound)
        {
            AuthorizationDecision decision = Decide(change.Current, connection);
            if (!decision.IsAllowed)
            {
                connection.PostClose(new ConnectionFailure(
                    FailurePhase.Authorize,
                    FailureSide.Proxy,
                    FailureReason.PolicyChanged,
                    $"connection closed due to policy change: {decision.Reason}",
                    null));
            }
        }
    }

    private AuthorizationDecision Decide(MeshSnapshot snapshot, TrackedConnection connection)
    {
        AuthorizationDecision decision = PolicyEvaluator.Evaluate(snapshot, connection.Destination!, connection.Request!);
        foreach (AuthorizationNote note in decision.Notes)
        {
            InboundLog.PolicyNote(_logger, _level, note.Text, note.Policy, connection.Source);
        }

        return decision;
    }
}
