namespace Ambient.NetnsTests.Lab;

/// <summary>Tests with a limit of a second in them, which share the machine with no other test.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedCollection
{
    public const string Name = "timed";
}
