namespace Ambient.Lab.Specs;

/// <summary>Which of the ready-made labs it is.</summary>
public enum LabScenario
{
    /// <summary><see cref="DefaultLab"/>.</summary>
    Default,

    /// <summary><see cref="WaypointLab"/>.</summary>
    Waypoint,

    /// <summary><see cref="TwoNetworksLab"/>.</summary>
    TwoNetworks,
}
