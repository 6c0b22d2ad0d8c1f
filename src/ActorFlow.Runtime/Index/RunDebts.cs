namespace ActorFlow.Runtime.Index;

/// <summary>The messages that a closed run may still owe to other runs: as long as it does, it is asked before it is purged. The numbers are stored, and never change.</summary>
[Flags]
internal enum RunDebts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The report to its parent how it ended. A parent that has ended needs none.</summary>
    Report = 1,

    /// <summary>The end of the run to the children that it left.</summary>
    Children = 2,

    /// <summary>Not known: the row is of an earlier version.</summary>
    Unknown = Report | Children,
}
