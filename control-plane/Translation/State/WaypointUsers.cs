using System.Collections.Immutable;
using Ambient.ControlPlane.Translation.Waypoints;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>Who looked for which Gateway.</summary>
internal sealed class WaypointUsers
{
    private readonly Dictionary<GatewayName, HashSet<IWaypointUser>> _users = [];

    public IEnumerable<IWaypointUser> Of(GatewayName gateway) => _users.TryGetValue(gateway, out HashSet<IWaypointUser>? users) ? users : [];

    /// <summary>Notes what was looked for this time.</summary>
    public void Set(IWaypointUser user, ImmutableArray<GatewayName> consulted)
    {
        if (consulted.SequenceEqual(user.ConsultedGateways))
        {
            return;
        }

        foreach (GatewayName gateway in user.ConsultedGateways)
        {
            if (_users.TryGetValue(gateway, out HashSet<IWaypointUser>? users) && users.Remove(user) && users.Count == 0)
            {
                _users.Remove(gateway);
            }
        }

        foreach (GatewayName gateway in consulted)
        {
            if (!_users.TryGetValue(gateway, out HashSet<IWaypointUser>? users))
            {
                _users.Add(gateway, users = []);
            }

            users.Add(user);
        }

        user.ConsultedGateways = consulted;
    }

    public void Remove(IWaypointUser user) => Set(user, []);
}
