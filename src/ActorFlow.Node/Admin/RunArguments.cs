namespace ActorFlow.Node.Admin;

/// <summary>Arguments that several commands take.</summary>
internal static class RunArguments
{
    /// <summary>The run that a command is about.</summary>
    public static readonly AdminArgument Run = new("RUN", AdminKind.Run, "The id of the run; that of a child is PARENT/TASK.");

    /// <summary>A definition that runs are started from.</summary>
    public static readonly AdminArgument Definition = new("NAME[@V]", AdminKind.DefinitionVersion, "The name of the definition; without a version, the newest.");

    /// <summary>The id of a run to be.</summary>
    public static readonly AdminArgument NewId = new("--id", AdminKind.NewRun, "The id of the new run (one is made up).");
}
