namespace Ambient.Bench.Systems;

/// <summary>Which of the two ztunnels of a pair.</summary>
internal enum AmbientSide
{
    Client = 0,
    Server = 1,
}
