
namespace Ambient.InProcessTests.Transport;

/// <summary>Tests that change something of the whole process run alone.</summary>
[CollectionDefinition(nameof(ExclusiveProcess), DisableParallelization = true)]
public sealed class ExclusiveProcess;
